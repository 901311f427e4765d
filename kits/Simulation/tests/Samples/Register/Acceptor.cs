using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Store;

namespace Microcosm.Simulation.Tests.Samples.Register;

/// <summary>
/// The part of a replica that votes (Lamport, "Paxos made simple", 2001; a value is the whole state). Invariants: the promise never
/// goes down, nothing below it is accepted, what is held never goes back; an answer leaves only when what it says is on the disk.
/// </summary>
internal sealed class Acceptor(NodeContext context)
{
    private WriteAheadLog _log = null!;

    /// <summary>No vote for an epoch below this.</summary>
    public long Promised { get; private set; }

    /// <summary>The newest state accepted.</summary>
    public Accepted Held { get; private set; } = Accepted.None;

    /// <summary>True if no higher epoch was promised.</summary>
    public bool Allows(long epoch) => epoch >= Promised || Bug.IsPlanted("register/promise-not-kept");

    public async ValueTask RecoverAsync()
    {
        _log = new WriteAheadLog(context.Executor, context.Disk.Open("votes", DiskOpen.OrCreate));
        _log.Recover(record =>
        {
            var words = record.Split(' ');
            if (words[0] == "held")
                Held = Accepted.Parse(words.AsSpan(1));
            else
                Promised = long.Parse(words[1], CultureInfo.InvariantCulture);
            Promised = Math.Max(Promised, Held.Epoch);
        });
        await context.Disk.SyncNamesAsync();
    }

    /// <summary>Phase 1: promises the epoch and tells what is held, or null.</summary>
    public async ValueTask<Accepted?> PrepareAsync(long epoch)
    {
        if (epoch <= Promised)
            return null;
        Promised = epoch;
        var held = Held;
        await _log.Append($"promise {epoch}");
        return held;
    }

    /// <summary>Phase 2: takes the state unless a higher epoch was promised or a later state of this epoch is held.</summary>
    public async ValueTask<bool> AcceptAsync(Accepted state)
    {
        if (!Allows(state.Epoch))
            return false;
        if (state.CompareTo(Held) <= 0)
            Probe.Hit("register/older-write-arrived");
        if (state.CompareTo(Held) <= 0 && !Bug.IsPlanted("register/writes-reordered"))
            return false;
        Promised = Math.Max(Promised, state.Epoch);
        Held = state;
        await _log.Append("held " + state.Text);
        return true;
    }
}
