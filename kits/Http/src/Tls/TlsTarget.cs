namespace Microcosm.Http;

/// <summary>Whom a client means.</summary>
/// <param name="ServerName">The name that the server is told (SNI); null tells none.</param>
/// <param name="VerifyName">The name that the server's certificate has to be of, where it is verified: a host or an address. Null checks
/// none.</param>
/// <param name="SessionKey">Connections of one key take up each other's sessions; null takes up none.</param>
public sealed record TlsTarget(string? ServerName = null, string? VerifyName = null, string? SessionKey = null)
{
    /// <summary>Protocols of applications that are offered, in place of the context's.</summary>
    public TlsProtocolNames? Protocols { get; init; }

    /// <summary>Shown to a server that asks for one, in place of the context's.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>Why a server is not the one that is meant, in nginx' words; null where it is.</summary>
    internal TlsException? WhatIsWrong(TlsContext context, TlsInfo server)
    {
        if (!context.Verifies)
            return null;
        if (server.VerifyError is not 0 and var code)
            return new TlsException(TlsFailure.Certificate, $"upstream SSL certificate verify error: ({code}:{server.VerifyErrorText})");
        if (VerifyName is not null && server.PeerCertificate?.IsOf(VerifyName) != true)
            return new TlsException(TlsFailure.Name, $"upstream SSL certificate does not match \"{VerifyName}\"");
        return null;
    }
}
