using System.Runtime.InteropServices;
using System.Text;

namespace Microcosm.Http;

/// <summary>Reads certificates, keys and revocations, which whoever gets them frees. Throws <see cref="TlsException"/>, in nginx'
/// words.</summary>
internal static unsafe class PemReader
{
    /// <summary>A chain: the certificate itself first.</summary>
    public static List<nint> Chain(TlsFile file) => Certificates(file, isChain: true);

    /// <summary>Authorities.</summary>
    public static List<nint> Authorities(TlsFile file) => Certificates(file, isChain: false);

    public static List<nint> Crls(TlsFile file)
    {
        var crls = new List<nint>();
        BioText.Read(file, bio =>
        {
            while (LibCrypto.ReadCrl(bio, 0, 0, 0) is var crl and not 0)
                crls.Add(crl);
            if (IsEnd(crls.Count))
                return;
            crls.ForEach(LibCrypto.FreeCrl);
            throw TlsException.OfSetting($"cannot load CRL \"{file.Name}\": PEM_read_bio_X509_CRL() failed");
        });
        return crls;
    }

    public static nint Parameters(TlsFile file)
    {
        nint parameters = 0;
        BioText.Read(file, bio => parameters = LibCrypto.ReadParameters(bio, 0));
        return parameters != 0 ? parameters : throw TlsException.OfSetting($"PEM_read_bio_Parameters(\"{file.Name}\") failed");
    }

    /// <summary>A key, decrypted by the first password that fits.</summary>
    public static nint Key(TlsFile file, IReadOnlyList<string> passwords)
    {
        nint key = 0;
        for (var i = 0; key == 0 && i < Math.Max(1, passwords.Count); i++)
        {
            LibCrypto.ClearErrors();
            var password = i < passwords.Count ? passwords[i] : null;
            BioText.Read(file, bio => key = ReadKey(bio, password));
        }
        return key != 0
            ? key
            : throw TlsException.OfSetting($"cannot load certificate key \"{file.Name}\": PEM_read_bio_PrivateKey() failed");
    }

    private static List<nint> Certificates(TlsFile file, bool isChain)
    {
        var certificates = new List<nint>();
        BioText.Read(file, bio =>
        {
            while (true)
            {
                var isTrusted = !isChain || certificates.Count == 0;
                var certificate = isTrusted ? LibCrypto.ReadTrustedCertificate(bio, 0, 0, 0) : LibCrypto.ReadCertificate(bio, 0, 0, 0);
                if (certificate != 0)
                {
                    certificates.Add(certificate);
                    continue;
                }
                if (IsEnd(certificates.Count))
                    return;
                certificates.ForEach(LibCrypto.FreeCertificate);
                throw TlsException.OfSetting(
                    $"cannot load certificate \"{file.Name}\": PEM_read_bio_X509{(isTrusted ? "_AUX" : "")}() failed");
            }
        });
        return certificates;
    }

    private static bool IsEnd(int count)
    {
        if (count == 0 || !OpenSslErrors.IsEndOfPem)
            return false;
        LibCrypto.ClearErrors();
        return true;
    }

    private static nint ReadKey(nint bio, string? password)
    {
        var bytes = password is null ? null : Encoding.UTF8.GetBytes(password + '\0');
        fixed (byte* text = bytes)
            return LibCrypto.ReadKey(bio, 0, &Password, text);
    }

    // Without it OpenSSL would ask at the terminal.
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int Password(byte* buffer, int size, int isForWriting, void* password)
    {
        if (password is null)
            return -1;
        var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)password);
        text = text[..Math.Min(text.Length, size)];
        text.CopyTo(new Span<byte>(buffer, size));
        return text.Length;
    }
}
