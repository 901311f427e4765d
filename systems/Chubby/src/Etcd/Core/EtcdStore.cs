using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// What members agree on: keys, leases, users and roles, alarms. A pure function of its commands. Invariants: every key of a lease lives
/// and names the lease; a refused command changes nothing; all changes of a command have one revision.
/// </summary>
/// <param name="leaseTtlMinS">Shorter leases are granted with this; the same on all members.</param>
internal sealed class EtcdStore(long leaseTtlMinS) : IReplicatedMachine
{
    private const int Format = 1;

    public KeyStore Keys { get; private set; } = new();

    public LeaseTable Leases { get; private set; } = new();

    public AuthStore Auth { get; private set; } = new();

    public AlarmSet Alarms { get; private set; } = new();

    /// <summary>Members that have said where their clients reach them, by number.</summary>
    public SortedDictionary<ulong, Member> Members { get; } = [];

    /// <summary>Index of the command that was applied last.</summary>
    public long AppliedIndex { get; private set; }

    public IEtcdObserver? Observer { get; set; }

    /// <summary>Gives the response message, its header with the revision alone, or an <see cref="EtcdError"/>.</summary>
    public object? Apply(long index, ReadOnlyMemory<byte> command)
    {
        AppliedIndex = index;
        var request = EtcdCommand.Parser.ParseFrom(command.Span);
        try
        {
            return Apply(request);
        }
        catch (EtcdException e)
        {
            return e.Error;
        }
    }

    /// <summary>Carries out a command; refuses with <see cref="EtcdException"/>.</summary>
    public IMessage Apply(EtcdCommand command)
    {
        var access = new Access(command.User, command.AuthRevision);
        new CommandAccess(this, access).Check(command);
        return command.RequestCase switch
        {
            EtcdCommand.RequestOneofCase.Put => Write(command.Put, (w, r, s) => w.Put(r, s)),
            EtcdCommand.RequestOneofCase.DeleteRange => Write(command.DeleteRange, (w, r, s) => w.Delete(r, s)),
            EtcdCommand.RequestOneofCase.Txn => Write(command.Txn, (w, r, s) => w.Txn(r, s)),
            EtcdCommand.RequestOneofCase.Compaction => Compact(command.Compaction),
            EtcdCommand.RequestOneofCase.LeaseGrant => Grant(command.LeaseGrant),
            EtcdCommand.RequestOneofCase.LeaseRevoke => Revoke(command.LeaseRevoke),
            EtcdCommand.RequestOneofCase.LeaseRenewal => Renew(command.LeaseRenewal),
            EtcdCommand.RequestOneofCase.LeaseCheckpoints => Checkpoint(command.LeaseCheckpoints),
            EtcdCommand.RequestOneofCase.Alarm => ApplyAlarm(command.Alarm),
            EtcdCommand.RequestOneofCase.MemberPublish => Publish(command.MemberPublish),
            _ => AuthCommands.Apply(Auth, command, Header()),
        };
    }

    public ResponseHeader Header() => new() { Revision = Keys.Revision };

    public ReadOnlyMemory<byte> Save()
    {
        var state = new EtcdState { Format = Format, Revision = Keys.Revision, CompactRevision = Keys.CompactRevision };
        state.Versions.AddRange(Keys.Log.Select(v => new StoredVersion { Kv = v.Kv, Sub = v.Sub }));
        state.Leases.AddRange(
            Leases.All.Select(l => new StoredLease { Id = l.Id, Ttl = l.Ttl, RemainingTtl = l.RemainingTtl }));
        Auth.Save(state);
        state.Alarms.AddRange(Alarms.All);
        state.Members.AddRange(Members.Values);
        return state.ToByteArray();
    }

    public void Restore(ReadOnlyMemory<byte> state)
    {
        var saved = EtcdState.Parser.ParseFrom(state.Span);
        if (saved.Format != Format)
            throw new InvalidDataException($"a snapshot of format {saved.Format}, not {Format}");
        var seen = Keys.Revision;
        (Keys, Leases, Auth, Alarms) = (new KeyStore(), new LeaseTable(), new AuthStore(), new AlarmSet());
        Keys.Restore(saved);
        foreach (var stored in saved.Leases)
            Leases.Grant(stored.Id, stored.Ttl, 0).RemainingTtl = stored.RemainingTtl;
        foreach (var version in Keys.Log.Where(v => v.Kv.Lease != 0 && ReferenceEquals(Keys.Live(v.Kv.Key, Keys.Revision), v)))
            Leases.Move(version.Kv.Key, 0, version.Kv.Lease);
        Auth.Restore(saved);
        Alarms.Restore(saved.Alarms);
        Members.Clear();
        foreach (var member in saved.Members)
            Members.Add(member.ID, member);
        Observer?.Restored(seen);
    }

    private IMessage Write<T>(T request, Func<TxnWriter, T, WriteScope, IMessage> write)
    {
        var scope = new WriteScope(Keys, Leases);
        var response = write(new TxnWriter(Keys, Leases), request, scope);
        End(scope);
        return response;
    }

    private void End(WriteScope scope)
    {
        scope.End();
        if (scope.Changes.Count > 0)
            Observer?.Changed(scope.Changes);
    }

    private CompactionResponse Compact(CompactionRequest request)
    {
        Keys.Compact(request.Revision);
        return new CompactionResponse { Header = Header() };
    }

    private LeaseGrantResponse Grant(LeaseGrantRequest request)
    {
        if (Alarms.IsOutOfSpace)
            throw new EtcdException(EtcdErrors.NoSpace);
        var lease = Leases.Grant(request.ID, request.TTL, leaseTtlMinS);
        Observer?.LeaseSet(lease);
        return new LeaseGrantResponse { Header = Header(), ID = lease.Id, TTL = lease.Ttl };
    }

    private LeaseRevokeResponse Revoke(LeaseRevokeRequest request)
    {
        var lease = Leases.Get(request.ID);
        var scope = new WriteScope(Keys, Leases);
        foreach (var key in lease.Keys.ToList())
        {
            if (scope.Live(key) is { } version)
                scope.Delete(version);
        }
        Leases.Remove(lease.Id);
        End(scope);
        Observer?.LeaseGone(lease.Id);
        return new LeaseRevokeResponse { Header = Header() };
    }

    private LeaseKeepAliveResponse Renew(LeaseRenewal request)
    {
        var response = new LeaseKeepAliveResponse { Header = Header() };
        foreach (var id in request.Ids)
        {
            if (Leases.Find(id) is not { } lease)
                continue;
            lease.RemainingTtl = 0;
            if (!request.ByLeader)
                Observer?.LeaseSet(lease);
            else
                Observer?.LeaseRenewed(lease);
            (response.ID, response.TTL) = (lease.Id, lease.Ttl);
        }
        return response;
    }

    private LeaseRevokeResponse Checkpoint(LeaseCheckpoints request)
    {
        foreach (var checkpoint in request.Checkpoints)
        {
            if (Leases.Find(checkpoint.Id) is { } lease)
                lease.RemainingTtl = checkpoint.RemainingTtl;
        }
        return new LeaseRevokeResponse { Header = Header() };
    }

    private MemberListResponse Publish(Member member)
    {
        Members[member.ID] = member;
        return new MemberListResponse { Header = Header() };
    }

    private AlarmResponse ApplyAlarm(AlarmRequest request)
    {
        var response = new AlarmResponse { Header = Header() };
        response.Alarms.AddRange(Alarms.Apply(request));
        return response;
    }
}
