namespace Microcosm.Simulation;

/// <summary>Why a simulation failed.</summary>
/// <param name="Kind">Short and stable: a checker's kind, <c>invariant</c>, <c>escape</c>, <c>stuck</c>, <c>livelock</c>,
/// <c>time-limit</c>, or an exception's name.</param>
/// <param name="Message">For people.</param>
/// <param name="Stack">Where, if that is known.</param>
public sealed record SimulationFailure(string Kind, string Message, string? Stack = null)
{
    internal static SimulationFailure Of(Exception e) => e switch
    {
        CheckFailedException check => new(check.Kind, check.Explanation),
        Runtime.InvariantException => new("invariant", e.Message, e.StackTrace),
        _ => new(e.GetType().Name, e.Message, e.StackTrace),
    };
}
