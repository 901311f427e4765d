namespace Microcosm.Generator.Messages;

/// <summary>A line that is no schema. The rest of its message is not looked at, so that one mistake gives one error.</summary>
internal sealed class SchemaException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
