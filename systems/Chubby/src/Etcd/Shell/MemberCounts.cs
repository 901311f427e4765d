using Grpc.Core;

namespace Microcosm.Chubby.Etcd;

/// <summary>What a member counts for <c>/metrics</c>, from 0 with each start, as etcd does. Only on the node's executor.</summary>
internal sealed class MemberCounts
{
    private const int Codes = (int)StatusCode.Unauthenticated + 1;

    // By an operation's index, and its code.
    private readonly long[] _started = new long[EtcdOperations.All.Length];
    private readonly long[] _handled = new long[EtcdOperations.All.Length * Codes];
    private long _leader;

    public long LeaderChanges { get; private set; }

    public long Puts { get; private set; }

    public long Deletes { get; private set; }

    public long HealthSuccesses { get; private set; }

    public long HealthFailures { get; private set; }

    /// <summary>Calls that came.</summary>
    public IEnumerable<(EtcdOperationAttribute Operation, long Count)> StartedCalls =>
        _started.Select((count, i) => (EtcdOperations.All[i].Declaration, count)).Where(c => c.count > 0);

    /// <summary>Calls that were answered.</summary>
    public IEnumerable<(EtcdOperationAttribute Operation, StatusCode Code, long Count)> HandledCalls => _handled
        .Select((count, i) => (EtcdOperations.All[i / Codes].Declaration, (StatusCode)(i % Codes), count)).Where(c => c.count > 0);

    public void Leads(long leader)
    {
        if (leader != 0 && leader != _leader)
            LeaderChanges++;
        _leader = leader;
    }

    public void Changed(IReadOnlyList<KeyVersion> versions)
    {
        var deletes = versions.Count(v => v.IsTombstone);
        Deletes += deletes;
        Puts += versions.Count - deletes;
    }

    public void Health(bool isGood)
    {
        if (isGood)
            HealthSuccesses++;
        else
            HealthFailures++;
    }

    public void Started(int operation) => _started[operation]++;

    public void Handled(int operation, StatusCode code) => _handled[(operation * Codes) + (int)code]++;
}
