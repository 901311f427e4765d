namespace Microcosm.Nginx;

/// <summary>What pages and the Server field say of the server (<c>server_tokens</c>).</summary>
internal static class ServerToken
{
    private static readonly byte[] s_short = Latin1.Bytes("nginx");
    private static readonly byte[] s_whole = Latin1.Bytes($"nginx/{NginxBuild.Version}");

    public static string Shown(Level level) => Latin1.Text(Bytes(level));

    public static byte[] Bytes(Level level) => level.Get(HttpCoreModule.ServerTokens) == ServerTokens.Off ? s_short : s_whole;
}
