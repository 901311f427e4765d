namespace Microcosm.Kafka;

/// <summary>A member of a classic group. Its answers to come are kept here: it waits for a join, for a sync, or for nothing.</summary>
internal sealed class ClassicMember(string memberId, string? instanceId)
{
    public string MemberId { get; set; } = memberId;

    /// <summary>group.instance.id of a static member (KIP-345), else null.</summary>
    public string? InstanceId { get; } = instanceId;

    public string ClientId { get; set; } = "";

    public string ClientHost { get; set; } = "";

    public int RebalanceTimeoutMs { get; set; }

    public int SessionTimeoutMs { get; set; }

    public IReadOnlyList<GroupProtocol> Protocols { get; set; } = [];

    public byte[] Assignment { get; set; } = [];

    public Action<JoinResult>? AwaitingJoin { get; set; }

    public Action<SyncResult>? AwaitingSync { get; set; }

    /// <summary>True until its first rebalance ends.</summary>
    public bool IsNew { get; set; }

    /// <summary>True once it asked for its assignment of this generation.</summary>
    public bool HasSynced { get; set; }

    /// <summary>When the session ends, unless the member is kept alive because it waits for us.</summary>
    public long ExpiresAtMs { get; set; } = long.MaxValue;

    public bool IsStatic => InstanceId is not null;

    /// <summary>When its session may end: not while it waits for us, unless it is new.</summary>
    public long DueMs => !IsNew && (AwaitingJoin is not null || AwaitingSync is not null) ? long.MaxValue : ExpiresAtMs;

    /// <summary>A member that waits for an answer cannot heartbeat. A new one is not spared: its client may have gone.</summary>
    public bool HasExpired(long nowMs) => nowMs >= ExpiresAtMs && (IsNew || (AwaitingJoin is null && AwaitingSync is null));

    public byte[] MetadataFor(string? protocol)
    {
        foreach (var known in Protocols)
        {
            if (known.Name == protocol)
                return known.Metadata;
        }

        return [];
    }

    public bool Supports(string protocol) => Protocols.Any(known => known.Name == protocol);

    /// <summary>True if the member joins again with exactly what it joined with before.</summary>
    public bool Matches(IReadOnlyList<GroupProtocol> protocols) => Protocols.SequenceEqual(protocols);

    public void AnswerJoin(JoinResult result)
    {
        var reply = AwaitingJoin;
        AwaitingJoin = null;
        reply?.Invoke(result);
    }

    public void AnswerSync(SyncResult result)
    {
        var reply = AwaitingSync;
        AwaitingSync = null;
        reply?.Invoke(result);
    }
}
