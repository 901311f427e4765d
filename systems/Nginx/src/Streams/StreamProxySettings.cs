using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>What the directives of proxying come to for one session, over connections and datagrams alike.</summary>
internal static class StreamProxySettings
{
    /// <summary>How the way to a server is opened.</summary>
    public static ConnectOptions OptionsOf(StreamSession session) => new()
    {
        Local = BindDirective.EndPointOf(session.Level.Get(StreamProxyModule.Bind), session.Values),
        KeepAlive = session.Level.Get(StreamProxyModule.SocketKeepAlive),
        ReceiveBufferBytes = (int)session.Level.Get(StreamProxyModule.SocketRcvBuf),
        SendBufferBytes = (int)session.Level.Get(StreamProxyModule.SocketSndBuf),
    };

    /// <summary>How fast a side may send.</summary>
    /// <param name="resume">Told when it may go on after a wait.</param>
    public static StreamRate RateOf(StreamSession session, Setting<ValueOrSize?> setting, Action resume)
    {
        var rate = session.Level.Get(setting);
        var bytes = rate?.Value is { } value
            ? Measures.Size(Latin1.Text(value.Evaluate(session.Values).Span)) ?? 0 : rate?.Size ?? 0;
        return new StreamRate(session.Worker.Http.Deadlines, bytes, resume);
    }

    /// <summary>What a server is told first of the client; empty for nothing.</summary>
    public static byte[] ProxyProtocolOf(StreamSession session)
    {
        var local = session.Worker.AddressOf(session.Local);
        return session.Level.Get(StreamProxyModule.ProxyProtocol) switch
        {
            ProxyProtocolVersion.Off => [],
            ProxyProtocolVersion.V2 => ProxyProtocolHeader.Binary(session.Client, local),
            _ => ProxyProtocolHeader.Text(session.Client, local),
        };
    }
}
