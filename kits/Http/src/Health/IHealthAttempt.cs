namespace Microcosm.Http;

/// <summary>A check that is under way.</summary>
public interface IHealthAttempt
{
    /// <summary>Gives up; nothing is told any more.</summary>
    void Cancel();
}
