using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Files of certificates, keys and revocations. What cannot be read is told as nginx with OpenSSL tells it.</summary>
internal sealed class CertificateFiles(IConfigurationFiles files, ConfigurationPaths paths)
{
    private const string Data = "data:";

    private static readonly string[] Elsewhere = ["engine:", "store:"];

    public TlsFile Certificate(string word) => PemOf(word, "cannot load certificate");

    public TlsFile Key(string word)
    {
        if (Elsewhere.FirstOrDefault(p => word.StartsWith(p, StringComparison.Ordinal)) is { } prefix)
            throw new TlsException(TlsFailure.Setting,
                $"cannot load certificate key \"{word}\": loading \"{prefix}...\" certificate keys is not supported");
        return PemOf(word, "cannot load certificate key");
    }

    /// <summary>Certificates of authorities.</summary>
    public TlsFile? Authorities(string? word) =>
        string.IsNullOrEmpty(word) ? null : Open(word, path => $"cannot load certificate \"{path}\": BIO_new_file() failed", "r");

    public TlsFile? Crl(string? word) =>
        string.IsNullOrEmpty(word) ? null : Open(word, path => $"cannot load CRL \"{path}\": BIO_new_file() failed", "r");

    /// <summary>Parameters, or an OCSP response: what nginx reads without more words.</summary>
    public TlsFile? Other(string? word, string mode) =>
        string.IsNullOrEmpty(word) ? null : Open(word, path => $"BIO_new_file(\"{path}\") failed", mode);

    public TlsFile TicketKey(string word)
    {
        var path = paths.FromConfiguration(word);
        try
        {
            return new TlsFile(path, files.Read(path));
        }
        catch (ConfigurationFileException e)
        {
            throw new TlsException(TlsFailure.Setting, $"open() \"{path}\" failed {e.Message}");
        }
    }

    private TlsFile PemOf(string word, string what) => word.StartsWith(Data, StringComparison.Ordinal)
        ? new TlsFile(word, Latin1.Bytes(word[Data.Length..]))
        : Open(word, path => $"{what} \"{path}\": BIO_new_file() failed", "r");

    private TlsFile Open(string word, Func<string, string> what, string mode)
    {
        var path = paths.FromConfiguration(word);
        try
        {
            return new TlsFile(path, files.Read(path));
        }
        catch (ConfigurationFileException e)
        {
            const int notFound = 2;
            throw new TlsException(TlsFailure.Setting, string.Create(CultureInfo.InvariantCulture,
                $"{what(path)} (SSL: error:{0x80000000 | (uint)e.Number:X8}:system library::{e.Text}:calling fopen({path}, {mode}) error:")
                + (e.Number == notFound ? "10000080:BIO routines::no such file)" : "10080002:BIO routines::system lib)"));
        }
    }
}
