namespace Microcosm.Nginx;

/// <summary>Short names for the places most directives of the http part share.</summary>
internal static class HttpContexts
{
    public const Contexts All = Contexts.HttpServerLocation;
    public const Contexts AllIf = Contexts.HttpServerLocationIf;
    public const Contexts Outer = Contexts.HttpServer;
}
