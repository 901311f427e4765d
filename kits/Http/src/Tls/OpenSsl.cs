using System.Runtime.InteropServices;

namespace Microcosm.Http;

/// <summary>The machine's OpenSSL 3, which TLS stands on.</summary>
public static unsafe class OpenSsl
{
    private static readonly Lazy<bool> Found = new(static () =>
        NativeLibrary.TryLoad(LibCrypto.Name, out _) && NativeLibrary.TryLoad(LibSsl.Name, out _));

    /// <summary>True where it is there.</summary>
    public static bool IsSupported => Found.Value;

    /// <summary>As it says it itself: <c>OpenSSL 3.0.2 15 Mar 2022</c>. Throws <see cref="PlatformNotSupportedException"/>.</summary>
    public static string Version
    {
        get
        {
            Require();
            return OpenSslErrors.TextOf(LibCrypto.Version(0));
        }
    }

    internal static void Require()
    {
        if (!IsSupported)
            throw new PlatformNotSupportedException($"TLS needs OpenSSL 3 ({LibSsl.Name} and {LibCrypto.Name}), which is not installed");
    }
}
