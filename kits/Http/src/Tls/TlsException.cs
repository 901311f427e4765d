namespace Microcosm.Http;

/// <summary>
/// Why TLS is not to be had. The message is nginx': what failed, and OpenSSL's own errors behind it, as in <c>SSL_do_handshake() failed
/// (SSL: error:0A00010B:SSL routines::wrong version number)</c>.
/// </summary>
public sealed class TlsException : IOException
{
    /// <summary>With nginx' words.</summary>
    public TlsException(TlsFailure failure, string message)
        : base(message) => Failure = failure;

    /// <summary>What kind it is.</summary>
    public TlsFailure Failure { get; }

    /// <summary>Of a setting, with the errors that OpenSSL has at hand.</summary>
    internal static TlsException OfSetting(string what) => new(TlsFailure.Setting, OpenSslErrors.Take(what));

    /// <summary>Of a connection, with the errors that OpenSSL has at hand.</summary>
    internal static TlsException OfConnection(string what)
    {
        var failure = OpenSslErrors.IsPeersFault ? TlsFailure.Peer : TlsFailure.Internal;
        return new TlsException(failure, OpenSslErrors.Take(what));
    }
}
