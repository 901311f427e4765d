namespace Microcosm.Runtime;

/// <summary>An attempt to connect that is under way.</summary>
public interface IPendingConnect
{
    /// <summary>Gives up: its handler is not told of anything any more. Does nothing once it was told.</summary>
    void Cancel();
}
