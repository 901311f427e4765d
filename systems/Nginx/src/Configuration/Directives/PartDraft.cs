using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The http or the stream block while it is read.</summary>
internal sealed class PartDraft(Level level, VariableTable variables)
{
    public Level Level { get; } = level;

    public VariableTable Variables { get; } = variables;

    public List<ServerDraft> Servers { get; } = [];

    public ListenTable Listens { get; } = new();

    public List<UpstreamDraft> Upstreams { get; } = [];

    public List<LogFormat> LogFormats { get; } = [];

    public List<HealthRule> HealthRules { get; } = [];

    /// <summary>What <c>match</c> blocks want, by name.</summary>
    public Dictionary<string, ResponseExpectation> Matches { get; } = new(StringComparer.Ordinal);

    /// <summary>The same of the stream part.</summary>
    public Dictionary<string, HealthDialogue> Dialogues { get; } = new(StringComparer.Ordinal);

    /// <summary>Upstreams by the name they are used by, whether an <c>upstream</c> block gives it or not.</summary>
    public UpstreamDraft? FindUpstream(string host, int port) => Upstreams.Find(
        u => Latin1.EqualsIgnoreCase(u.Host, host) && (u.IsDeclared || u.Port == 0 || port == 0 || u.Port == port));
}
