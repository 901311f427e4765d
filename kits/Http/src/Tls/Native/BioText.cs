using System.Text;

namespace Microcosm.Http;

/// <summary>Texts that OpenSSL writes to and reads from memory.</summary>
internal static unsafe class BioText
{
    /// <summary>What <paramref name="write"/> writes, byte for byte as Latin-1.</summary>
    public static string Written(Action<nint> write)
    {
        var bio = LibCrypto.NewBio(LibCrypto.MemoryBio());
        if (bio == 0)
            throw TlsException.OfConnection("BIO_new() failed");
        try
        {
            write(bio);
            byte* text;
            var length = (int)LibCrypto.ControlBio(bio, LibCrypto.BioControlInfo, 0, &text);
            return Encoding.Latin1.GetString(text, length);
        }
        finally
        {
            LibCrypto.FreeBio(bio);
        }
    }

    /// <summary>Shows a file's bytes to <paramref name="read"/>.</summary>
    public static void Read(TlsFile file, Action<nint> read)
    {
        // Never empty: OpenSSL takes a null for an error.
        fixed (byte* bytes = file.Bytes.IsEmpty ? "\n"u8 : file.Bytes.Span)
        {
            var bio = LibCrypto.NewBioOver(bytes, Math.Max(1, file.Bytes.Length));
            if (bio == 0)
                throw TlsException.OfSetting("BIO_new_mem_buf() failed");
            try
            {
                read(bio);
            }
            finally
            {
                LibCrypto.FreeBio(bio);
            }
        }
    }
}
