using System.Text;

namespace Microcosm.Redis;

/// <summary>
/// Channels, patterns, and who listens. Messages go out in the order of publishing; a client's own order of delivery is kept.
/// </summary>
internal sealed class PubSub(RedisServer server)
{
    private readonly Dictionary<byte[], List<RedisClient>> _channels = new(ByteKeyComparer.Instance);
    private readonly List<(byte[] Pattern, List<RedisClient> Clients)> _patterns = [];

    /// <summary>Channels with subscribers.</summary>
    public IReadOnlyDictionary<byte[], List<RedisClient>> Channels => _channels;

    /// <summary>Patterns with subscribers.</summary>
    public IReadOnlyList<(byte[] Pattern, List<RedisClient> Clients)> Patterns => _patterns;

    public bool Subscribe(RedisClient client, byte[] channel)
    {
        if (!client.Channels.Add(channel))
            return false;
        if (!_channels.TryGetValue(channel, out var clients))
            _channels[channel] = clients = [];
        clients.Add(client);
        return true;
    }

    public bool Unsubscribe(RedisClient client, byte[] channel)
    {
        if (!client.Channels.Remove(channel))
            return false;
        if (_channels.TryGetValue(channel, out var clients) && clients.Remove(client) && clients.Count == 0)
            _channels.Remove(channel);
        return true;
    }

    public bool SubscribePattern(RedisClient client, byte[] pattern)
    {
        if (!client.Patterns.Add(pattern))
            return false;
        var at = _patterns.FindIndex(p => p.Pattern.AsSpan().SequenceEqual(pattern));
        if (at < 0)
            _patterns.Add((pattern, [client]));
        else
            _patterns[at].Clients.Add(client);
        return true;
    }

    public bool UnsubscribePattern(RedisClient client, byte[] pattern)
    {
        if (!client.Patterns.Remove(pattern))
            return false;
        var at = _patterns.FindIndex(p => p.Pattern.AsSpan().SequenceEqual(pattern));
        _patterns[at].Clients.Remove(client);
        if (_patterns[at].Clients.Count == 0)
            _patterns.RemoveAt(at);
        return true;
    }

    /// <summary>A client is gone.</summary>
    public void Forget(RedisClient client)
    {
        foreach (var channel in client.Channels.ToArray())
            Unsubscribe(client, channel);
        foreach (var pattern in client.Patterns.ToArray())
            UnsubscribePattern(client, pattern);
    }

    /// <summary>Delivers a message; returns the number of receivers, patterns counted each.</summary>
    public int Publish(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        var receivers = 0;
        if (_channels.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(channel, out var clients))
        {
            foreach (var client in clients)
            {
                client.Reply.BeginPush(3);
                client.Reply.Bulk("message"u8);
                client.Reply.Bulk(channel);
                client.Reply.Bulk(message);
                client.Reply.EndPush();
                server.Touch(client);
                receivers++;
            }
        }
        foreach (var (pattern, listeners) in _patterns)
        {
            if (!Glob.Matches(pattern, channel))
                continue;
            foreach (var client in listeners)
            {
                client.Reply.BeginPush(4);
                client.Reply.Bulk("pmessage"u8);
                client.Reply.Bulk(pattern);
                client.Reply.Bulk(channel);
                client.Reply.Bulk(message);
                client.Reply.EndPush();
                server.Touch(client);
                receivers++;
            }
        }
        return receivers;
    }

    /// <summary>Publishes a keyspace notification if its class is switched on.</summary>
    public void NotifyKeyspace(Database db, ReadOnlySpan<byte> key, NotifyClass kind, string name)
    {
        var wanted = server.Options.NotifyKeyspaceEvents;
        if ((wanted & kind) == 0 || (_channels.Count == 0 && _patterns.Count == 0))
            return;
        var nameBytes = Encoding.ASCII.GetBytes(name);
        if ((wanted & NotifyClass.Keyspace) != 0)
            Publish([.. Encoding.ASCII.GetBytes($"__keyspace@{db.Index}__:"), .. key], nameBytes);
        if ((wanted & NotifyClass.Keyevent) != 0)
            Publish(Encoding.ASCII.GetBytes($"__keyevent@{db.Index}__:{name}"), key);
    }
}
