using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary>crypt(3) of the system's libcrypt: what files of users may hold besides the kinds that <see cref="PasswordHash"/>
/// knows.</summary>
internal static unsafe class SystemCrypt
{
    // More than any library's struct crypt_data.
    private const int DataBytes = 256 * 1024;

    private static readonly delegate* unmanaged<byte*, byte*, byte*, byte*> s_crypt = Find();

    /// <summary>The password made with a salt; null where that is not possible.</summary>
    public static string? Hash(ReadOnlySpan<byte> password, string salt)
    {
        if (s_crypt is null)
            return null;
        var data = (byte*)NativeMemory.AllocZeroed(DataBytes);
        try
        {
            byte[] key = [.. password, 0];
            byte[] setting = [.. Latin1.Bytes(salt), 0];
            fixed (byte* keyAt = key, settingAt = setting)
            {
                var hashed = s_crypt(keyAt, settingAt, data);
                return hashed is null ? null : Latin1.Text(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(hashed));
            }
        }
        finally
        {
            NativeMemory.Free(data);
        }
    }

    private static delegate* unmanaged<byte*, byte*, byte*, byte*> Find()
    {
        foreach (var name in (string[])["libcrypt.so.1", "libcrypt.so.2"])
        {
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "crypt_r", out var crypt))
                return (delegate* unmanaged<byte*, byte*, byte*, byte*>)crypt;
        }
        return null;
    }
}
