using System.Buffers;
using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>What a session of the stream part knows of itself, by name of variable.</summary>
internal sealed class StreamVariables(StreamSession session) : IVariableSource
{
    private static readonly Dictionary<string, Func<StreamSession, string?>> Texts = new()
    {
        ["remote_addr"] = static s => s.Client?.Address.ToString() ?? "unix:",
        ["remote_port"] = static s => s.Client is { } c ? Number(c.Port) : "",
        ["realip_remote_addr"] = static s => s.Worker.AddressOf(s.Remote)?.Address.ToString() ?? "unix:",
        ["realip_remote_port"] = static s => s.Worker.AddressOf(s.Remote) is { } r ? Number(r.Port) : "",
        ["bytes_sent"] = static s => Number(s.BytesSent),
        ["bytes_received"] = static s => Number(s.BytesReceived),
        ["protocol"] = static s => s.IsUdp ? "UDP" : "TCP",
        ["status"] = static s => s.Status == 0 ? "000" : Number(s.Status),
        ["server_name"] = static s => s.Server.Name,
        ["session_time"] = static s => Seconds(s.Worker.Http.Deadlines.NowMs - s.BeganMs),
        ["msec"] = static s => Seconds(s.Worker.Http.Clock.GetUtcNow().ToUnixTimeMilliseconds()),
        ["time_iso8601"] = static s => LogTime.Iso(s.Worker.Http.Clock.GetLocalNow()),
        ["time_local"] = static s => LogTime.Local(s.Worker.Http.Clock.GetLocalNow()),
        ["limit_conn_status"] = static s => s.ConnectionLimitStatus,
        ["upstream_addr"] = static s => List(s, static a => a.Peer),
        ["upstream_bytes_sent"] = static s => List(s, static a => Number(a.BytesSent)),
        ["upstream_bytes_received"] = static s => List(s, static a => Number(a.BytesReceived)),
        ["upstream_connect_time"] = static s => List(s, static a => Duration(a.ConnectMs)),
        ["upstream_first_byte_time"] = static s => List(s, static a => Duration(a.HeaderMs)),
        ["upstream_session_time"] = static s => List(s, static a => Duration(a.ResponseMs)),
        ["ssl_preread_protocol"] = static s => s.Hello?.Protocol,
        ["ssl_preread_server_name"] = static s => s.Hello?.ServerName,
        ["ssl_preread_alpn_protocols"] = static s => s.Hello?.Protocols,
    };

    /// <summary>Whether a variable has a value here.</summary>
    public static bool IsServed(string name) =>
        name == "binary_remote_addr" || Texts.ContainsKey(name) || ConnectionVariables.Table.ContainsKey(name);

    public bool TryWrite(int id, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output)
    {
        var name = PartVariables.OfStream[id].Name;
        if (name == "binary_remote_addr")
        {
            output.Write(session.Client?.Address.GetAddressBytes() ?? "unix:"u8);
            return true;
        }
        if (!Texts.TryGetValue(name, out var text))
            return ConnectionVariables.Table[name](session, suffix, output);
        if (text(session) is not { } value)
            return false;
        output.Write(Latin1.Bytes(value));
        return true;
    }

    public void Assign(int id, ReadOnlySpan<byte> value)
    {
    }

    public void OnUninitialized(Variable variable) =>
        session.Log(LogLevel.Warn, $"using uninitialized \"{variable.Name}\" variable");

    private static string? List(StreamSession session, Func<UpstreamAttempt, string> text) =>
        session.Attempts.Count == 0 ? null : string.Join(", ", session.Attempts.Select(text));

    private static string Duration(long ms) => ms < 0 ? "-" : Seconds(ms);

    private static string Seconds(long ms) => HttpVariables.Milliseconds(ms);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
