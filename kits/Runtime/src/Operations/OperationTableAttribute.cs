namespace Microcosm.Runtime;

/// <summary>
/// Marks the static partial class that the generator fills with all methods of the assembly that carry <paramref name="operation"/>
/// (a type derived from <see cref="OperationAttribute"/>). <paramref name="handler"/> is the delegate type that those methods match.
/// Generated members: <c>ReadOnlySpan&lt;Operation&lt;TAttribute, THandler&gt;&gt; All</c> in ordinal order of names;
/// <c>int IndexOf(ReadOnlySpan&lt;byte&gt; name)</c>, ASCII case-insensitive, -1 if unknown, without allocation;
/// <c>bool HasSubcommands(int index)</c> and <c>int IndexOfSub(int parent, ReadOnlySpan&lt;byte&gt; name)</c> for names with a bar
/// (<c>CONFIG|GET</c>); <c>string Contract</c>, the text that contract.txt must hold; <c>Names</c>, the full names as constants.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OperationTableAttribute(string system, Type operation, Type handler) : Attribute
{
    /// <summary>First part of the operations' full names: <c>redis</c> in <c>redis.SET</c>.</summary>
    public string System { get; } = system;

    public Type Operation { get; } = operation;

    public Type Handler { get; } = handler;
}
