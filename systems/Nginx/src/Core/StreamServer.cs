namespace Microcosm.Nginx;

/// <summary>A finished server of the stream part.</summary>
internal sealed class StreamServer(ServerDraft draft)
{
    public Level Level { get; } = draft.Level;

    /// <summary>The first name: <c>$server_name</c>.</summary>
    public string Name { get; } = draft.Names.Count == 0 ? ""
        : draft.Names[0].Pattern is not null ? "~" + draft.Names[0].Text
        : draft.Names[0].Text.StartsWith('.') ? draft.Names[0].Text[1..] : draft.Names[0].Text;

    public IReadOnlyList<string> Names { get; } = [.. draft.Names.Select(n => n.Text)];

    /// <summary>What it does with a session.</summary>
    public StreamContent Content { get; } = draft.Level.Get(StreamCoreModule.Content)!;
}
