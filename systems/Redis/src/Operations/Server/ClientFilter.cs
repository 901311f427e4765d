namespace Microcosm.Redis;

/// <summary>Which clients CLIENT KILL means: one address in the old form, or ID, TYPE, ADDR, LADDR, USER and SKIPME together.</summary>
internal sealed class ClientFilter
{
    private string? _address;
    private string? _localAddress;
    private string? _type;
    private string? _user;
    private long? _id;
    private bool _skipMe = true;

    /// <summary>True for <c>CLIENT KILL addr:port</c>, which answers OK or an error.</summary>
    public bool IsOldForm { get; private init; }

    /// <summary>Reads the arguments, or answers the error and returns null.</summary>
    public static ClientFilter? Parse(ref RedisCall call)
    {
        if (call.Count == 3)
            return new ClientFilter { IsOldForm = true, _address = call.Text(2), _skipMe = false };
        var filter = new ClientFilter();
        var quotedUser = "";
        if (call.Count % 2 != 0)
        {
            call.SyntaxError();
            return null;
        }
        for (var i = 2; i < call.Count; i += 2)
        {
            var value = call.Text(i + 1);
            if (call.Is(i, "ID"u8))
            {
                if (!call.TryInteger(i + 1, out var id, "ERR client-id should be greater than 0"))
                    return null;
                if (id < 1)
                {
                    call.Reply.Error("ERR client-id should be greater than 0");
                    return null;
                }
                filter._id = id;
            }
            else if (call.Is(i, "TYPE"u8))
            {
                filter._type = value.ToLowerInvariant();
                if (filter._type is not ("normal" or "master" or "replica" or "slave" or "pubsub"))
                {
                    call.Reply.Error($"ERR Unknown client type '{call.Quote(i + 1)}'");
                    return null;
                }
            }
            else if (call.Is(i, "ADDR"u8))
                filter._address = value;
            else if (call.Is(i, "LADDR"u8))
                filter._localAddress = value;
            else if (call.Is(i, "USER"u8))
                (filter._user, quotedUser) = (value, call.Quote(i + 1));
            else if (call.Is(i, "SKIPME"u8) && value.ToLowerInvariant() is "yes" or "no")
                filter._skipMe = value.Equals("yes", StringComparison.OrdinalIgnoreCase);
            else
            {
                call.SyntaxError();
                return null;
            }
        }
        if (filter._user is not null and not "default")
        {
            call.Reply.Error($"ERR No such user '{quotedUser}'");
            return null;
        }
        return filter;
    }

    public bool Matches(RedisClient client, RedisClient self) =>
        (client != self || !_skipMe)
        && (_id is null || client.Id == _id)
        && (_type is null || ClientCommand.TypeOf(client) == _type)
        && (_address is null || ClientCommand.Address(client.Transport?.Remote) == _address)
        && (_localAddress is null || ClientCommand.Address(client.Transport?.Local) == _localAddress);
}
