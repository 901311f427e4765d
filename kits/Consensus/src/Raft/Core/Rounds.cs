using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A leader's rounds: each message to a follower carries the number of the present one, and the answer repeats it. A round that a quorum
/// answered proves that this leader led when it began. Invariants: numbers ascend; the confirmed one is not above the current one.
/// </summary>
internal sealed class Rounds
{
    private readonly Queue<(long Number, long BeganAtUs)> _open = new();

    /// <summary>The present round.</summary>
    public long Current { get; private set; }

    /// <summary>The latest round that a quorum answered.</summary>
    public long Confirmed { get; private set; }

    /// <summary>When that one began, in µs.</summary>
    public long ConfirmedAtUs { get; private set; } = long.MinValue / 2;

    /// <summary>The latest round that was begun for reads; it is waited for before another is begun for them.</summary>
    public long Asked { get; set; }

    public void Begin(long nowUs) => _open.Enqueue((++Current, nowUs));

    /// <summary>A quorum answered <paramref name="round"/>. True if that is news.</summary>
    public bool Confirm(long round)
    {
        Invariant.Check(round <= Current);
        if (round <= Confirmed)
            return false;
        Confirmed = round;
        while (_open.TryPeek(out var first) && first.Number <= round)
            ConfirmedAtUs = _open.Dequeue().BeganAtUs;
        return true;
    }
}
