using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>Which members have raised which alarms.</summary>
internal sealed class AlarmSet
{
    private readonly SortedSet<(AlarmType Alarm, ulong Member)> _alarms = [];

    public IEnumerable<AlarmMember> All => _alarms.Select(a => new AlarmMember { MemberID = a.Member, Alarm = a.Alarm });

    /// <summary>What would grow the store is refused.</summary>
    public bool IsOutOfSpace => _alarms.Any(a => a.Alarm == AlarmType.Nospace);

    public bool IsCorrupt => _alarms.Any(a => a.Alarm == AlarmType.Corrupt);

    public void Restore(IEnumerable<AlarmMember> alarms) => _alarms.UnionWith(alarms.Select(a => (a.Alarm, a.MemberID)));

    /// <summary>Carries out a request and gives what etcd answers it with.</summary>
    public IReadOnlyList<AlarmMember> Apply(AlarmRequest request)
    {
        var alarm = (request.Alarm, request.MemberID);
        AlarmMember[] one = [new AlarmMember { MemberID = request.MemberID, Alarm = request.Alarm }];
        switch (request.Action)
        {
            case AlarmRequest.Types.AlarmAction.Activate:
                if (request.Alarm == AlarmType.None)
                    return [];
                _alarms.Add(alarm);
                return one;
            case AlarmRequest.Types.AlarmAction.Deactivate:
                return _alarms.Remove(alarm) ? one : [];
            default:
                return [.. All.Where(a => request.Alarm == AlarmType.None || a.Alarm == request.Alarm)];
        }
    }
}
