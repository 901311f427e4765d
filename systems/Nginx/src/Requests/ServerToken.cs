namespace Microcosm.Nginx;

/// <summary>What pages and the Server field say of the server (<c>server_tokens</c>).</summary>
internal static class ServerToken
{
    public static string Shown(Level level) =>
        level.Get(HttpCoreModule.ServerTokens) == ServerTokens.Off ? "nginx" : $"nginx/{NginxBuild.Version}";
}
