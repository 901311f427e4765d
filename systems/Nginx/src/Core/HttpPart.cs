namespace Microcosm.Nginx;

/// <summary>The http part of a configuration.</summary>
internal sealed record HttpPart(
    Level Level, VariableTable Variables, IReadOnlyList<HttpServer> Servers, IReadOnlyList<ListenSocket<HttpServer>> Listens,
    IReadOnlyList<Upstream> Upstreams, IReadOnlyList<LogFormat> LogFormats, IReadOnlyList<HealthRule> HealthRules);
