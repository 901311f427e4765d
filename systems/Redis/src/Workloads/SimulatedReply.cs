namespace Microcosm.Redis;

/// <summary>What a client knows after a request.</summary>
internal readonly record struct SimulatedReply(Outcome Outcome, string? Text)
{
    /// <summary>True for an answer that is not an error.</summary>
    public bool IsDone => Outcome == Outcome.Answered && Text?.StartsWith('-') != true;

    /// <summary>True where the request certainly changed nothing.</summary>
    public bool IsRefused => Outcome == Outcome.NeverSent || (Outcome == Outcome.Answered && !IsDone);
}
