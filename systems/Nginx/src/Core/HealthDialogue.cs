using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>What a <c>match</c> of the stream part sends, and what it expects.</summary>
internal sealed record HealthDialogue(byte[] Says, BytesTest? Expects)
{
    /// <summary>To connect is all.</summary>
    public static HealthDialogue None { get; } = new([], null);
}
