using Microcosm.Simulation;

namespace Microcosm.Chubby.Etcd;

/// <summary>A lease as its holder knows it: until when it was promised, in true time, and whether it may be gone.</summary>
internal sealed class HeldLease(long id, TimeSpan until)
{
    // Clocks of members run fast by at most 1,000 ppm, and count in milliseconds.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(10);

    private TimeSpan _until = until;

    public long Id { get; } = id;

    /// <summary>Its holder has asked to end it, or knows that it has ended.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>A request that was sent at <paramref name="sent"/> was answered: so much is left from when the member took it.</summary>
    public void Renewed(TimeSpan sent, long ttlSeconds)
    {
        var until = sent + TimeSpan.FromSeconds(ttlSeconds);
        if (until > _until)
            _until = until;
    }

    /// <summary>Something shows that it has ended. Throws if it was promised for longer.</summary>
    public void Ended(TimeSpan now, string how)
    {
        if (!IsGivenUp && now < _until - Tolerance)
            throw new CheckFailedException("etcd.lease.early", $"{how} at {now} although lease {Id:x} was promised until {_until}");
        IsGivenUp = true;
        Probe.Hit("etcd.leases-ended");
    }
}
