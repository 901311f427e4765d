using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// What members agree on: keys, leases, users and roles, alarms. A pure function of its commands. Invariants: every key of a lease lives
/// and names the lease; a refused command changes nothing; all changes of a command have one revision.
/// </summary>
/// <param name="leaseTtlMinS">Shorter leases are granted with this; the same on all members.</param>
/// <param name="founders">Who founded the cluster; the same on all members.</param>
internal sealed class EtcdStore(long leaseTtlMinS, IEnumerable<Member>? founders = null) : IReplicatedMachine
{
    /// <summary>Of what <see cref="Save"/> gives.</summary>
    public const int Format = 2;

    public KeyStore Keys { get; private set; } = new();

    public LeaseTable Leases { get; private set; } = new();

    public AuthStore Auth { get; private set; } = new();

    public AlarmSet Alarms { get; private set; } = new();

    public ClusterMembers Members { get; private set; } = new(founders ?? []);

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
            EtcdCommand.RequestOneofCase.LeaseRevoke => Revoke(command.LeaseRevoke.ID),
            EtcdCommand.RequestOneofCase.LeaseExpiry => Expire(command.LeaseExpiry),
            EtcdCommand.RequestOneofCase.LeaseRenewal => Renew(command.LeaseRenewal),
            EtcdCommand.RequestOneofCase.LeaseCheckpoints => Checkpoint(command.LeaseCheckpoints),
            EtcdCommand.RequestOneofCase.Alarm => ApplyAlarm(command.Alarm),
            EtcdCommand.RequestOneofCase.MemberPublish => Change(m => m.Publish(command.MemberPublish)),
            EtcdCommand.RequestOneofCase.MemberAdd => Change(m => m.Add(command.MemberAdd)),
            EtcdCommand.RequestOneofCase.MemberRemove => Change(m => m.Remove(command.MemberRemove.ID)),
            EtcdCommand.RequestOneofCase.MemberUpdate => Change(m => m.Update(command.MemberUpdate.ID, command.MemberUpdate.PeerURLs)),
            EtcdCommand.RequestOneofCase.MemberPromote => Change(m => m.Promote(command.MemberPromote.ID)),
            _ => AuthCommands.Apply(Auth, command, Header()),
        };
    }

    public ResponseHeader Header() => new() { Revision = Keys.Revision };

    public ReadOnlyMemory<byte> Save()
    {
        var state = new EtcdState { Format = Format, Revision = Keys.Revision, CompactRevision = Keys.CompactRevision };
        state.Versions.AddRange(Keys.Log.Select(v => new StoredVersion { Kv = v.Kv, Sub = v.Sub }));
        state.Leases.AddRange(
            Leases.All.Select(l => new StoredLease { Id = l.Id, Ttl = l.Ttl, RemainingTtl = l.RemainingTtl, RenewedAt = l.RenewedAt }));
        Auth.Save(state);
        state.Alarms.AddRange(Alarms.All);
        state.Members.AddRange(Members.All);
        state.RemovedMembers.AddRange(Members.Removed);
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
        {
            var lease = Leases.Grant(stored.Id, stored.Ttl, 0);
            (lease.RemainingTtl, lease.RenewedAt) = (stored.RemainingTtl, stored.RenewedAt);
        }
        foreach (var version in Keys.Log.Where(v => v.Kv.Lease != 0 && ReferenceEquals(Keys.Live(v.Kv.Key, Keys.Revision), v)))
        {
            if (!Bug.IsPlanted("etcd/lease-restored-without-keys"))
                Leases.Move(version.Kv.Key, 0, version.Kv.Lease);
        }
        Auth.Restore(saved);
        Alarms.Restore(saved.Alarms);
        // A state that a cluster is founded with knows nobody yet.
        if (saved.Members.Count > 0)
            Members = new ClusterMembers(saved.Members, saved.RemovedMembers);
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

    private LeaseRevokeResponse Expire(LeaseExpiry expiry)
    {
        var isVoid = Leases.Get(expiry.Id).RenewedAt > expiry.Seen && !Bug.IsPlanted("etcd/expiry-outruns-renewal");
        return isVoid ? new LeaseRevokeResponse { Header = Header() } : Revoke(expiry.Id);
    }

    private LeaseRevokeResponse Revoke(long id)
    {
        var lease = Leases.Get(id);
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
            if (request.ByLeader)
            {
                Observer?.LeaseRenewed(lease);
            }
            else
            {
                lease.RenewedAt = AppliedIndex;
                Observer?.LeaseSet(lease);
            }
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

    // The header says nothing of the keys, as etcd's does not.
    private MemberListResponse Change(Action<ClusterMembers> change)
    {
        change(Members);
        Observer?.MembersChanged();
        return new MemberListResponse { Header = new ResponseHeader(), Members = { Members.All.Select(m => m.Clone()) } };
    }

    private AlarmResponse ApplyAlarm(AlarmRequest request)
    {
        // Without a header, as etcd's.
        var response = new AlarmResponse();
        response.Alarms.AddRange(Alarms.Apply(request));
        return response;
    }
}
