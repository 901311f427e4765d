namespace Microcosm.Chubby.Client;

/// <summary>A call was refused, or came to nothing.</summary>
public sealed class ChubbyException(ChubbyError error, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public ChubbyError Error { get; } = error;
}
