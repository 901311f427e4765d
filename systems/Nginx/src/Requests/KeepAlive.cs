using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>keepalive_disable</c>: browsers whose connections are not kept.</summary>
internal static class KeepAlive
{
    private const int Msie6 = 1 << 1;
    private const int Safari = 1 << 2;

    public static bool IsDisabled(HttpRequest request)
    {
        var disabled = request.Level.Get(HttpCoreModule.KeepAliveDisable);
        var agent = request.Exchange.RequestHeaders[KnownHeader.UserAgent];
        if (agent.IsEmpty || (disabled & (Msie6 | Safari)) == 0 || agent.IndexOf("Opera"u8) >= 0)
            return false;
        var at = agent.IndexOf("MSIE "u8);
        if (at >= 0 && at + 7 < agent.Length)
            return (disabled & Msie6) != 0 && request.Method == HttpMethod.Post && IsMsie6(agent[(at + 5)..]);
        return (disabled & Safari) != 0 && agent.IndexOf("Safari/"u8) >= 0 && agent.IndexOf("Mac OS X"u8) >= 0
            && agent.IndexOf("Gecko/"u8) < 0 && agent.IndexOf("Chrome/"u8) < 0;
    }

    // Version 6 of Windows XP SP2 (SV1) behaves.
    private static bool IsMsie6(ReadOnlySpan<byte> version) =>
        version[1] == '.' && (version[0] is (byte)'4' or (byte)'5' || (version[0] == '6' && version[2..].IndexOf("SV1"u8) < 0));
}
