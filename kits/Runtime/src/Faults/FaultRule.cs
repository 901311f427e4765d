using System.Globalization;
using System.Text;

namespace Microcosm.Runtime;

/// <summary>One rule of a fault plan: which operations, which of them, and what happens. Prints in the grammar of <see
/// cref="FaultGrammar"/>.</summary>
public sealed class FaultRule
{
    private readonly Dictionary<(string Node, long Connection), long> _ordinals = [];
    private volatile bool _isRemoved;

    /// <summary>Number that names the rule in its plan.</summary>
    public int Id { get; internal set; }

    /// <summary>
    /// Full operation name, <c>*</c> for any characters: <c>redis.SET</c>, <c>redis.*</c>; for connections <c>connect.redis</c>,
    /// <c>bytes.*</c>.
    /// </summary>
    public required string Operation { get; init; }

    /// <summary>Name of the node, or null for any.</summary>
    public string? Node { get; init; }

    /// <summary>The client's name for itself (for connections, its name to links), or null for any.</summary>
    public string? Client { get; init; }

    /// <summary>Pattern for the first key, topic or path, or null for any.</summary>
    public string? Target { get; init; }

    /// <summary>Patterns for where an HTTP request goes.</summary>
    public HttpRoute Route { get; init; }

    /// <summary>Exactly the nth match, from 1; 0 for other triggers.</summary>
    public long Nth { get; init; }

    /// <summary>Every so-many-th match; 0 for other triggers.</summary>
    public long Every { get; init; }

    /// <summary>Chance of each match, 1 for all.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Fires at most so often; 0 is no limit.</summary>
    public long Limit { get; init; }

    /// <summary>What happens to an operation.</summary>
    public OperationFault Fault { get; init; }

    /// <summary>What happens to a connection; none where the rule is about operations.</summary>
    public ConnectionFault Connection { get; init; }

    /// <summary>Where the rule takes hold.</summary>
    public FaultDepth Depth => Connection.Action == ConnectionFaultAction.None ? FaultDepth.Operation : Connection.Depth;

    /// <summary>Operations or connections that matched so far.</summary>
    public long Matched { get; internal set; }

    /// <summary>How often it fired.</summary>
    public long FiredCount { get; internal set; }

    /// <summary>True once the plan has dropped it: what it still did to connections ends.</summary>
    internal bool IsRemoved
    {
        get => _isRemoved;
        set => _isRemoved = value;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(Operation);
        Add("node", Node);
        Add("client", Client);
        Add("target", Target);
        Add("host", Route.Host);
        Add("location", Route.Location);
        Add("upstream", Route.Upstream);
        Add("nth", Nth == 0 ? null : Nth.ToString(CultureInfo.InvariantCulture));
        Add("every", Every == 0 ? null : Every.ToString(CultureInfo.InvariantCulture));
        Add("p", Probability >= 1 ? null : Probability.ToString(CultureInfo.InvariantCulture));
        Add("limit", Limit == 0 ? null : Limit.ToString(CultureInfo.InvariantCulture));
        return text.Append(' ').Append(FaultGrammar.Print(this)).ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
                text.Append(' ').Append(name).Append('=').Append(value);
        }
    }

    internal bool Matches(in OperationCall call) =>
        Depth == FaultDepth.Operation
        && DiskFaultGrammar.IsDisk(Operation) == DiskFaultGrammar.IsDisk(call.FullName)
        && Wildcard.Matches(Operation, call.FullName)
        && (Node is null || Node == call.Node)
        && (Client is null || Encoding.UTF8.GetString(call.Client) == Client)
        && (Target is null || Wildcard.Matches(Target, Encoding.UTF8.GetString(call.Target)))
        && Route.Matches(call.Route);

    /// <summary>True where it is about new connections to such a node; <paramref name="name"/> is the system's, after the depth.</summary>
    internal bool Matches(string name, string node, string client) =>
        Wildcard.Matches(Operation, name) && (Node is null || Node == node) && (Client is null || Client == client);

    internal long NextOrdinalOf(string node, long connection)
    {
        var next = _ordinals.GetValueOrDefault((node, connection)) + 1;
        _ordinals[(node, connection)] = next;
        return next;
    }
}
