namespace Microcosm.Nginx;

/// <summary>The stream part of a configuration.</summary>
internal sealed record StreamPart(
    Level Level, VariableTable Variables, IReadOnlyList<StreamServer> Servers, IReadOnlyList<ListenSocket<StreamServer>> Listens,
    IReadOnlyList<Upstream> Upstreams, IReadOnlyList<LogFormat> LogFormats, IReadOnlyList<HealthRule> HealthRules);
