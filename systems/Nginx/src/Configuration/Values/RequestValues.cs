using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// The values of one request: variables as they were found, set and captured. A value stays until the request ends, unless its variable is
/// not cacheable. Spans that it gives stay valid until <see cref="Reset"/>.
/// </summary>
internal sealed class RequestValues
{
    // A variable may be computed from others; deeper than this it is a cycle.
    [Limit("variable depth")]
    private const int DepthMax = 100;
    private const int ChunkBytes = 2048;

    private readonly (State State, ReadOnlyMemory<byte> Value)[] _values;
    private readonly IVariableSource _source;
    private List<ArrayBufferWriter<byte>>? _scratch;
    private byte[] _chunk = [];
    private int _used;
    private int _depth;

    public RequestValues(VariableTable variables, IVariableSource source) =>
        (Variables, _values, _source) = (variables, new (State, ReadOnlyMemory<byte>)[variables.All.Count], source);

    /// <summary>The values of a subrequest: what one finds or sets is the other's too; captures are its own.</summary>
    public RequestValues(RequestValues parent, IVariableSource source) =>
        (Variables, _values, _source) = (parent.Variables, parent._values, source);

    private enum State : byte
    {
        Unknown,
        Found,
        NotFound,
        Assigned,
    }

    /// <summary>What there are values of.</summary>
    public VariableTable Variables { get; }

    /// <summary>Of the last pattern that matched.</summary>
    public Captures Captures { get; } = new();

    /// <summary>The value, empty if there is none.</summary>
    public ReadOnlyMemory<byte> Get(Variable variable) => TryGet(variable, out var value) ? value : default;

    /// <summary>The value; false if the request has none.</summary>
    public bool TryGet(Variable variable, out ReadOnlyMemory<byte> value)
    {
        ref var slot = ref _values[variable.Index];
        if (slot.State == State.Assigned || (slot.State != State.Unknown && !variable.IsNoCacheable))
        {
            value = slot.Value;
            return slot.State != State.NotFound;
        }
        var found = Find(variable, out value);
        slot = (found ? State.Found : State.NotFound, value);
        return found;
    }

    /// <summary>The value of a name that no configuration need know, in small letters.</summary>
    public bool TryGet(string name, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (Variables.Find(name) is { } known)
            return TryGet(known, out value);
        return Variables.OriginOf(name) is { } origin && Find(new Variable(name, -1) { Origin = origin }, out value);
    }

    /// <summary>Gives a variable a value for the rest of the request, or hands it to the request where that takes it.</summary>
    public void Set(Variable variable, ReadOnlySpan<byte> value)
    {
        if (variable.Origin is VariableOrigin.BuiltIn { Flags: var flags, Id: var id } && (flags & VariableFlags.Assignable) != 0)
        {
            _source.Assign(id, value);
            return;
        }
        _values[variable.Index] = (State.Assigned, Keep(value));
    }

    /// <summary>Matches a pattern and keeps its captures.</summary>
    public bool Match(BytePattern pattern, ReadOnlySpan<byte> subject) => pattern.Match(subject, Captures);

    /// <summary>Makes it ready for the next request.</summary>
    public void Reset()
    {
        Array.Clear(_values);
        Captures.Clear();
        _used = 0;
        _depth = 0;
    }

    /// <summary>A copy that lives as long as the request.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return default;
        if (_chunk.Length - _used < value.Length)
        {
            _chunk = new byte[Math.Max(ChunkBytes, value.Length)];
            _used = 0;
        }
        value.CopyTo(_chunk.AsSpan(_used));
        _used += value.Length;
        return _chunk.AsMemory(_used - value.Length, value.Length);
    }

    /// <summary>Writes into a scratch buffer and keeps the result; nested uses have buffers of their own.</summary>
    public ReadOnlyMemory<byte> Compose<TState>(
        TState state, Func<TState, RequestValues, IBufferWriter<byte>, bool> write, out bool written)
    {
        _scratch ??= new List<ArrayBufferWriter<byte>>(2);
        if (_depth == _scratch.Count)
            _scratch.Add(new ArrayBufferWriter<byte>(256));
        var buffer = _scratch[_depth++];
        buffer.ResetWrittenCount();
        written = write(state, this, buffer);
        _depth--;
        return written ? Keep(buffer.WrittenSpan) : default;
    }

    private bool Find(Variable variable, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (_depth >= DepthMax)
            return false;
        switch (variable.Origin)
        {
            case VariableOrigin.Captured:
                return false;
            case VariableOrigin.Assigned:
                _source.OnUninitialized(variable);
                return true;
            default:
                value = Compose(variable, static (v, values, output) => values.Write(v, output), out var found);
                return found;
        }
    }

    private bool Write(Variable variable, IBufferWriter<byte> output) => variable.Origin switch
    {
        VariableOrigin.BuiltIn builtIn => _source.TryWrite(builtIn.Id, default, output),
        VariableOrigin.Family family => _source.TryWrite(family.Id, family.Suffix, output),
        VariableOrigin.Computed computed => computed.Formula.TryWrite(this, output),
        _ => false,
    };
}
