namespace Microcosm.Runtime;

/// <summary>
/// What the messages of an operation hold, at the class that carries it out: the generator makes classes of them, as it does of
/// <c>*.messages</c> files, so that an operation with messages of its own is one file. <c>eng/Generator/README.md</c> has the language.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MessageSchemaAttribute(string schema) : Attribute
{
    /// <summary>The text, one declaration or field a line.</summary>
    public string Schema { get; } = schema;
}
