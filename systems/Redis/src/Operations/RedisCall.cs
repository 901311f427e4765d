using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// One execution of one command. Argument 0 is the command's name; for a subcommand argument 1 is the subcommand's.
/// Argument spans are valid during the call only.
/// </summary>
internal ref struct RedisCall(
    RedisServer server, RedisClient client, Operation<RedisCommandAttribute, RedisHandler> operation,
    ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public RedisServer Server { get; } = server;

    public RedisClient Client { get; } = client;

    public Operation<RedisCommandAttribute, RedisHandler> Operation { get; } = operation;

    public ReadOnlySpan<ArgSlice> Slices { get; } = slices;

    /// <summary>True when a blocked command runs again because a key it waits for is ready. It must reply or block again.</summary>
    public bool IsReexecution { get; init; }

    /// <summary>True for a key that a blocked command may be served from now; all keys when it runs for the first time.</summary>
    public readonly bool IsReady(ReadOnlySpan<byte> key) => !IsReexecution || key.SequenceEqual(Client.Blocked?.ReadyKey);

    /// <summary>Number of arguments, the command's name included.</summary>
    public readonly int Count => Slices.Length;

    public readonly ReadOnlySpan<byte> this[int index] => _bytes.Slice(Slices[index].Start, Slices[index].Length);

    /// <summary>The database that the client has selected.</summary>
    public readonly Database Db => Client.Db;

    public readonly RespWriter Reply => Client.Reply;

    /// <summary>Unix milliseconds, constant during a command, a transaction and a script.</summary>
    public readonly long NowMs => Server.NowMs;

    /// <summary>The raw request, for storing and propagating.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>True if argument <paramref name="index"/> is <paramref name="word"/> (upper case), ASCII case-insensitive.</summary>
    public readonly bool Is(int index, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(this[index], word);

    /// <summary>Argument as text, for options, names and rare paths.</summary>
    public readonly string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Argument for an error text, byte by byte: see <see cref="RespWriter.Error"/>.</summary>
    public readonly string Quote(int index) => Encoding.Latin1.GetString(this[index]);

    /// <summary>Argument copied, to keep.</summary>
    public readonly byte[] Copy(int index) => this[index].ToArray();

    /// <summary>Reads a 64-bit integer or answers the error and returns false.</summary>
    public readonly bool TryInteger(int index, out long value, string error = RedisErrors.NotAnInteger)
    {
        if (RedisNumber.TryParse(this[index], out value))
            return true;
        Reply.Error(error);
        return false;
    }

    /// <summary>Reads a double or answers the error and returns false.</summary>
    public readonly bool TryDouble(int index, out double value, string error = RedisErrors.NotAFloat)
    {
        if (RedisNumber.TryParse(this[index], out value))
            return true;
        Reply.Error(error);
        return false;
    }

    /// <summary>
    /// Looks up a collection for reading. Returns false, with WRONGTYPE answered, when the key holds another type;
    /// <paramref name="value"/> is null when there is no such key.
    /// </summary>
    public readonly bool TryRead<T>(ReadOnlySpan<byte> key, out T? value)
        where T : RedisObject => TryCast(Db.Read(key), out value);

    /// <summary>The same for writing.</summary>
    public readonly bool TryWrite<T>(ReadOnlySpan<byte> key, out T? value)
        where T : RedisObject => TryCast(Db.Write(key), out value);

    /// <summary>
    /// Looks up a string for reading; false with WRONGTYPE answered when the key holds another type. The entry may be missing.
    /// </summary>
    public readonly bool TryReadString(ReadOnlySpan<byte> key, out Entry entry) => CheckString(entry = Db.Read(key));

    /// <summary>The same for writing.</summary>
    public readonly bool TryWriteString(ReadOnlySpan<byte> key, out Entry entry) => CheckString(entry = Db.Write(key));

    public readonly void WrongType() => Reply.Error(RedisErrors.WrongType);

    public readonly void SyntaxError() => Reply.Error(RedisErrors.Syntax);

    /// <summary>
    /// Says that a key was changed: marks WATCHes, tells keyspace subscribers, wakes blocked clients, makes the command propagate.
    /// </summary>
    public readonly void Modified(ReadOnlySpan<byte> key, NotifyClass kind, string name) => Server.Modified(Client, Db, key, kind, name);

    /// <summary>Removes a key whose collection has run empty by a change that was told, and notifies <c>del</c>.</summary>
    public readonly void RemoveEmptied(ReadOnlySpan<byte> key)
    {
        Db.Remove(key);
        Server.Modified(Client, Db, key, NotifyClass.Generic, "del");
        // It follows from a change that was counted.
        Server.Propagation.Dirty--;
    }

    /// <summary>
    /// Propagates this instead of the command as it came. May be called several times: several commands, in one transaction.
    /// </summary>
    public readonly void PropagateInstead(params ReadOnlySpan<byte[]> arguments) => Server.Propagation.Instead(Db.Index, arguments);

    /// <summary>Propagates nothing for this command, though it changed something.</summary>
    public readonly void PropagateNothing() => Server.Propagation.Nothing();

    /// <summary>
    /// Blocks the client until one of the keys may be ready, then runs the command again with <see cref="IsReexecution"/>; at the time-out
    /// <paramref name="onTimeout"/> answers. Inside MULTI or a script nothing blocks: then it answers as at a time-out.
    /// </summary>
    /// <param name="keys">Keys to wait for, in the order given.</param>
    /// <param name="timeoutMs">0 waits for ever.</param>
    public readonly void Block(ReadOnlySpan<byte[]> keys, long timeoutMs, Action<RespWriter> onTimeout) =>
        Server.Blocking.Block(in this, keys, timeoutMs, onTimeout);

    /// <summary>This command, to keep.</summary>
    public readonly StoredCommand Store() => new(Operation, _bytes, Slices);

    private readonly bool TryCast<T>(Entry entry, out T? value)
        where T : RedisObject
    {
        value = entry.Object as T;
        if (entry.IsMissing || value is not null)
            return true;
        WrongType();
        return false;
    }

    private readonly bool CheckString(Entry entry)
    {
        if (entry.IsMissing || entry.IsString)
            return true;
        WrongType();
        return false;
    }
}
