using System.Net;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Http;

/// <summary>A peer's certificate, as nginx' $ssl_client_ variables tell it. Texts are byte for byte as Latin-1.</summary>
public sealed unsafe class TlsPeerCertificate
{
    private readonly CertificateHandle _handle;

    internal TlsPeerCertificate(nint certificate) => _handle = new CertificateHandle(certificate);

    /// <summary>As PEM, each line with its end.</summary>
    public string Pem => Written((bio, certificate) => LibCrypto.WriteCertificate(bio, certificate));

    /// <summary>The serial number, in hexadecimal digits.</summary>
    public string SerialNumber => Written((bio, certificate) => LibCrypto.PrintInteger(bio, LibCrypto.SerialOf(certificate)));

    /// <summary>Whose it is, as RFC 2253 writes names: <c>CN=client,O=example</c>.</summary>
    public string SubjectDn => Written((bio, certificate) => PrintName(bio, LibCrypto.SubjectOf(certificate)));

    /// <summary>Who issued it, as RFC 2253 writes names.</summary>
    public string IssuerDn => Written((bio, certificate) => PrintName(bio, LibCrypto.IssuerOf(certificate)));

    /// <summary>Whose it is, in OpenSSL's old form: <c>/O=example/CN=client</c>.</summary>
    public string SubjectDnLegacy => InOneLine(LibCrypto.SubjectOf(Pointer));

    /// <summary>Who issued it, in OpenSSL's old form.</summary>
    public string IssuerDnLegacy => InOneLine(LibCrypto.IssuerOf(Pointer));

    /// <summary>Since when it is valid: <c>Feb  3 00:55:52 2015 GMT</c>.</summary>
    public string NotBefore => Written((bio, certificate) => LibCrypto.PrintTime(bio, LibCrypto.NotBeforeOf(certificate)));

    /// <summary>Until when it is valid.</summary>
    public string NotAfter => Written((bio, certificate) => LibCrypto.PrintTime(bio, LibCrypto.NotAfterOf(certificate)));

    /// <summary>The SHA-1 of the certificate, in hexadecimal digits.</summary>
    public string Fingerprint
    {
        get
        {
            var digest = stackalloc byte[64];
            uint length = 0;
            LibCrypto.DigestCertificate(Pointer, LibCrypto.Sha1(), digest, &length);
            GC.KeepAlive(_handle);
            return Convert.ToHexStringLower(new ReadOnlySpan<byte>(digest, (int)length));
        }
    }

    private nint Pointer => _handle.DangerousGetHandle();

    /// <summary>Whole days that it is still valid; 0 where it is not.</summary>
    public long RemainingDays(DateTimeOffset now)
    {
        // struct tm: seconds, minutes, hours, day, month from 0, years from 1900, and what follows from these.
        var fields = stackalloc int[16];
        var isRead = LibCrypto.ReadTime(LibCrypto.NotAfterOf(Pointer), fields) == 1;
        GC.KeepAlive(_handle);
        if (!isRead)
            return 0;
        var end = new DateTimeOffset(fields[5] + 1900, fields[4] + 1, fields[3], fields[2], fields[1], fields[0], TimeSpan.Zero);
        return Math.Max(0, (long)(end - now).TotalDays);
    }

    /// <summary>Whether it is of a host or, where it is one, of an address.</summary>
    internal bool IsOf(string name)
    {
        if (name.Length == 0)
            return false;
        var bytes = Encoding.UTF8.GetBytes(name);
        bool isOf;
        fixed (byte* first = bytes)
            isOf = LibCrypto.CheckHost(Pointer, first, (nuint)bytes.Length, 0, 0) == 1;
        isOf = isOf || (IPAddress.TryParse(name, out _) && LibCrypto.CheckAddress(Pointer, name, 0) == 1);
        GC.KeepAlive(_handle);
        return isOf;
    }

    private static int PrintName(nint bio, nint name) => LibCrypto.PrintName(bio, name, 0, LibCrypto.NameAsRfc2253);

    private string Written(Func<nint, nint, int> write)
    {
        var text = BioText.Written(bio => write(bio, Pointer));
        GC.KeepAlive(_handle);
        return text;
    }

    private string InOneLine(nint name)
    {
        var line = LibCrypto.NameInOneLine(name, null, 0);
        var text = OpenSslErrors.TextOf(line);
        LibCrypto.Free(line, null, 0);
        GC.KeepAlive(_handle);
        return text;
    }

    private sealed class CertificateHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        public CertificateHandle(nint certificate)
            : base(ownsHandle: true) => handle = certificate;

        protected override bool ReleaseHandle()
        {
            LibCrypto.FreeCertificate(handle);
            return true;
        }
    }
}
