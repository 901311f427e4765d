using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Register;

/// <summary>
/// A replicated map of registers: <c>READ k</c>, <c>WRITE k v</c>, <c>CAS k old new</c> go to the leader, which holds an epoch that a
/// majority promised. It carries out one operation at a time: a change is accepted by a majority before it is answered, and a read
/// is answered after a majority confirmed that no other leader took over. A replica that hears from no leader takes over.
/// </summary>
internal sealed class RegisterNode(NodeContext context, IReadOnlyList<string> replicas) : LineNode(context)
{
    private const int PeerTimeoutMs = 120;
    private const int HeartbeatMs = 60;

    private readonly Acceptor _acceptor = new(context);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly RandomStream _random = context.Seed.Stream("election");
    private long _leads;
    private long _heardAt;

    private bool IsLeader => _leads > 0 && _leads == _acceptor.Promised;

    /// <inheritdoc/>
    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        await base.StartAsync(cancellation);
        Watch();
    }

    /// <inheritdoc/>
    protected override ValueTask RecoverAsync() => _acceptor.RecoverAsync();

    /// <inheritdoc/>
    protected override async ValueTask<string?> HandleAsync(string[] words)
    {
        switch (words)
        {
            case ["PREPARE", var epoch]:
                return await _acceptor.PrepareAsync(Number(epoch)) is { } held ? "PROMISE " + held.Text : "REJECT";
            case ["ACCEPT", var epoch, _, _]:
                Hear(Number(epoch));
                return await _acceptor.AcceptAsync(Accepted.Parse(words.AsSpan(1))) ? "ACCEPTED" : "REJECT";
            case ["CONFIRM", var epoch]:
                Hear(Number(epoch));
                return _acceptor.Allows(Number(epoch)) ? "CONFIRMED" : "REJECT";
            default:
                return await ServeAsync(words);
        }
    }

    private async ValueTask<string?> ServeAsync(string[] words)
    {
        if (Bug.IsPlanted("register/read-from-a-backup") && words is ["READ", var any])
            return _acceptor.Held.Values().GetValueOrDefault(any, "-");
        // One at a time: a write that set out before the last one was decided could overtake it.
        if (Bug.IsPlanted("register/writes-reordered"))
            return await ServeAloneAsync(words);
        await _oneAtATime.WaitAsync();
        try
        {
            return await ServeAloneAsync(words);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async ValueTask<string?> ServeAloneAsync(string[] words)
    {
        if (!IsLeader)
            return "NOTLEADER";
        var values = _acceptor.Held.Values();
        var current = values.GetValueOrDefault(words[1], "-");
        switch (words)
        {
            case ["READ", _]:
                return Bug.IsPlanted("register/stale-read-after-fail-over") || await ConfirmAsync() ? current : null;
            case ["WRITE", var key, var next]:
                return await ReplaceAsync(values, key, next) ? "OK" : null;
            case ["CAS", _, var expected, _] when current != expected:
                return await ConfirmAsync() ? "KEPT" : null;
            case ["CAS", var key, _, var next]:
                return await ReplaceAsync(values, key, next) ? "SWAPPED" : null;
            default:
                return "ERR unknown request";
        }
    }

    private async ValueTask<bool> ConfirmAsync()
    {
        var epoch = _leads;
        return await MajorityAsync($"CONFIRM {epoch}", "CONFIRMED", () => new(_acceptor.Promised == epoch)) || StepDown();
    }

    private async ValueTask<bool> ReplaceAsync(SortedDictionary<string, string> values, string key, string value)
    {
        values[key] = value;
        var next = new Accepted(_leads, _acceptor.Held.Ordinal + 1, Accepted.Pack(values));
        return await ReplicateAsync(next) || StepDown();
    }

    private ValueTask<bool> ReplicateAsync(Accepted state) =>
        MajorityAsync("ACCEPT " + state.Text, "ACCEPTED", () => AcceptAsync(state), isWrite: true);

    // The leader takes its own write first: the next one builds on it.
    private async ValueTask<bool> AcceptAsync(Accepted state)
    {
        if (Bug.IsPlanted("register/writes-reordered"))
            await Task.Delay(TimeSpan.FromMilliseconds(1), Context.Clock);
        return await _acceptor.AcceptAsync(state);
    }

    // A write that found no majority may yet be found by the next leader: its outcome is not known, and this leader must not go on.
    private bool StepDown()
    {
        if (!Bug.IsPlanted("register/stale-read-after-fail-over"))
            _leads = 0;
        return false;
    }

    private async ValueTask<bool> MajorityAsync(string request, string yes, Func<ValueTask<bool>> own, bool isWrite = false)
    {
        var votes = new Votes(replicas.Count);
        foreach (var peer in replicas.Where(r => r != Context.Name))
            votes.Count(AskPeerAsync(peer, request, yes));
        votes.Count(own().AsTask());
        var needed = isWrite && Bug.IsPlanted("register/acknowledged-by-a-minority") ? 1 : replicas.Count / 2 + 1;
        return await votes.ReachAsync(needed);
    }

    private async Task<bool> AskPeerAsync(string peer, string request, string yes) =>
        await LineClient.AskOnceAsync(Context, peer, Port, request, PeerTimeoutMs) == yes;

    private void Hear(long epoch)
    {
        if (epoch >= _acceptor.Promised)
            _heardAt = Context.Clock.GetTimestamp();
    }

    // async void: runs as long as the node does.
    private async void Watch()
    {
        _heardAt = Context.Clock.GetTimestamp();
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(HeartbeatMs + _random.Next(HeartbeatMs)), Context.Clock);
            await _oneAtATime.WaitAsync();
            if (IsLeader)
                await ConfirmAsync();
            else if (Context.Clock.GetElapsedTime(_heardAt).TotalMilliseconds > 3 * HeartbeatMs + _random.Next(3 * HeartbeatMs))
                await TakeOverAsync();
            _oneAtATime.Release();
        }
    }

    private async ValueTask TakeOverAsync()
    {
        _heardAt = Context.Clock.GetTimestamp();
        var index = replicas.ToList().IndexOf(Context.Name);
        var epoch = (_acceptor.Promised / replicas.Count + 1) * replicas.Count + index;
        if (await _acceptor.PrepareAsync(epoch) is not { } newest)
            return;
        var votes = new Votes(replicas.Count);
        votes.Count(Task.FromResult(true));
        foreach (var peer in replicas.Where(r => r != Context.Name))
            votes.Count(PreparePeerAsync(peer, epoch, held => newest = held.CompareTo(newest) > 0 ? held : newest));
        if (!await votes.ReachAsync(replicas.Count / 2 + 1))
            return;
        var state = Bug.IsPlanted("register/own-state-after-fail-over") ? _acceptor.Held.State : newest.State;
        if (await ReplicateAsync(new Accepted(epoch, 0, state)))
            _leads = epoch;
    }

    private async Task<bool> PreparePeerAsync(string peer, long epoch, Action<Accepted> tell)
    {
        var answer = await LineClient.AskOnceAsync(Context, peer, Port, $"PREPARE {epoch}", PeerTimeoutMs);
        if (answer?.Split(' ') is not ["PROMISE", ..] words)
            return false;
        tell(Accepted.Parse(words.AsSpan(1)));
        return true;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
