using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Who may open a session of the stream part: addresses, limits, certificates.</summary>
internal static class StreamAccess
{
    /// <summary>The client that a trusted proxy before it tells; null for none.</summary>
    public static IPEndPoint? RealClient(StreamSession session)
    {
        var trusted = session.Level.Get(RealIpModule.Stream.From);
        if (trusted.Count == 0 || session.ProxyProtocol is not { Source: { } source })
            return null;
        var peer = session.Worker.AddressOf(session.Remote)?.Address;
        return ForwardedFor.Find(peer, Latin1.Bytes(source.Address.ToString()), trusted, false) is null ? null : source;
    }

    /// <summary>0 lets it pass.</summary>
    /// <param name="counted">Where it counts until it is over.</param>
    public static int Check(StreamSession session, List<(ConnectionZone Zone, string Key)> counted)
    {
        var module = LimitConnModule.Stream;
        foreach (var limit in session.Level.Get(module.Limits))
        {
            var source = (ComplexValue)limit.Zone.Definition!;
            if (RequestLimits.KeyOf(source, session.Values, ConnectionLimits.KeyBytesMax, session.Log) is not { } key)
                continue;
            session.ConnectionLimitStatus = "PASSED";
            var zone = (ConnectionZone)limit.Zone.State!;
            if (zone.Begin(key, limit.Connections) == ConnectionVerdict.Counted)
            {
                counted.Add((zone, key));
                continue;
            }
            var isDryRun = session.Level.Get(module.DryRun);
            session.Log(RequestLimits.LevelOf(session.Level.Get(module.LogLevel)),
                $"limiting connections{(isDryRun ? ", dry run," : "")} by zone \"{limit.Zone.Name}\"");
            session.ConnectionLimitStatus = isDryRun ? "REJECTED_DRY_RUN" : "REJECTED";
            if (!isDryRun)
                return 503;
            break;
        }
        if (AccessRule.IsDenied(session.Level.Get(AccessModule.Stream.Rules), session.Client?.Address) != true)
            return 0;
        session.Log(LogLevel.Error, "access forbidden by rule");
        return 403;
    }

    /// <summary>0 lets it pass.</summary>
    public static int CheckCertificate(StreamSession session, TlsSession tls)
    {
        var verify = session.Level.Get(TlsModule.Stream.VerifyClient);
        if (verify == VerifyClient.Off)
            return 0;
        var info = tls.Info;
        if (info.VerifyError != 0 && !(verify == VerifyClient.OptionalNoCa && info.IsIssuerUnknown))
            session.Log(LogLevel.Info, $"client SSL certificate verify error: ({info.VerifyError}:{info.VerifyErrorText})");
        else if (verify == VerifyClient.On && info.PeerCertificate is null)
            session.Log(LogLevel.Info, "client sent no required SSL certificate");
        else
            return 0;
        tls.ForgetSession();
        return 500;
    }
}
