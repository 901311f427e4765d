using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>What a connection's first packet leads to: a new session, an old one, or the end of the connection.</summary>
internal sealed class Connecting(CellMember member, long start)
{
    private readonly RandomStream _passwords = member.Context.Seed.Stream($"chubby/passwords/{start}");
    private readonly RandomStream _nonces = member.Context.Seed.Stream($"chubby/nonces/{start}");
    private long _lastId;

    public void Begin(ClientConnection client, PendingRequest request, ConnectRequest wish)
    {
        if (wish.SeenZxid > member.State.Zxid)
        {
            // It would see time run backwards here; another member may know more.
            member.Log.Write(LogSeverity.Info, $"Refusing session request for client as it has seen zxid 0x{wish.SeenZxid:x} our last "
                + $"zxid is 0x{member.State.Zxid:x} client must try another server");
            client.Close();
            return;
        }
        if (member.IsServing)
            Propose(client, request, wish);
        else if (wish.IsReadOnly && member.Options.ReadOnlyModeEnabled && member.Ensemble.IsMember)
            ServeReadOnly(client, request, wish);
        else
            client.Close();
    }

    /// <summary>A talk by SASL, with a nonce of its own.</summary>
    public DigestMd5 NewDigest()
    {
        var nonce = new byte[24];
        _nonces.NextBytes(nonce);
        return new DigestMd5(Convert.ToBase64String(nonce), user => member.Options.SaslUsers.GetValueOrDefault(user));
    }

    private void Propose(ClientConnection client, PendingRequest request, ConnectRequest wish)
    {
        var options = member.Options;
        if (wish.SessionId == 0)
        {
            var password = new byte[16];
            _passwords.NextBytes(password);
            client.TimeoutMs = Math.Clamp(wish.TimeoutMs, options.MinSessionTimeout, options.MaxSessionTimeout);
            request.SessionId = NextId();
            request.Change = new OpenSession(password, client.TimeoutMs);
            request.WriteResult = (_, reply) => Connect.Write(reply, client.SessionId, client.TimeoutMs, password, wish.IsOld, false);
            return;
        }
        request.SessionId = wish.SessionId;
        request.Change = new MoveSession(wish.Password);
        request.WriteResult = (_, reply) =>
        {
            client.TimeoutMs = member.State.Sessions.Find(client.SessionId)?.TimeoutMs ?? 0;
            Connect.Write(reply, client.SessionId, client.TimeoutMs, wish.Password, wish.IsOld, false);
        };
    }

    // Nothing of it is agreed on: the session exists here alone, unless the client had one.
    private void ServeReadOnly(ClientConnection client, PendingRequest request, ConnectRequest wish)
    {
        client.IsReadOnly = true;
        var known = member.State.Sessions.Find(wish.SessionId);
        var isRight = wish.SessionId == 0 || (known is not null && known.Password.AsSpan().SequenceEqual(wish.Password));
        client.TimeoutMs = known?.TimeoutMs
            ?? Math.Clamp(wish.TimeoutMs, member.Options.MinSessionTimeout, member.Options.MaxSessionTimeout);
        client.SessionId = !isRight ? 0 : wish.SessionId == 0 ? NextId() : wish.SessionId;
        request.WriteLater = reply => Connect.Write(reply, client.SessionId, client.TimeoutMs, known?.Password, wish.IsOld, true);
        request.IsDone = true;
        if (!isRight)
            client.EndAfterReplies();
    }

    // As ZooKeeper makes them: the member, five bytes of time, a count.
    private long NextId()
    {
        var first = (member.Id << 56) | (long)((ulong)(member.NowMs << 24) >> 8);
        var id = Math.Max(first, _lastId + 1);
        // A fork, or a restart while the clock stands, is in the millisecond of sessions that are there.
        while (member.State.Sessions.Find(id) is not null)
            id++;
        return _lastId = id;
    }
}
