namespace Microcosm.Nginx;

/// <summary>A finished server of the stream part.</summary>
internal sealed class StreamServer(ServerDraft draft)
{
    public Level Level { get; } = draft.Level;

    public IReadOnlyList<string> Names { get; } = [.. draft.Names.Select(n => n.Text)];

    /// <summary>What it does with a session.</summary>
    public StreamContent Content { get; } = draft.Level.Get(StreamCoreModule.Content)!;
}
