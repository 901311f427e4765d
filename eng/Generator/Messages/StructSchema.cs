namespace Microcosm.Generator.Messages;

/// <summary>A struct inside a message; the message's own fields are one too.</summary>
internal sealed class StructSchema(string name, int line)
{
    public string Name { get; } = name;

    public int Line { get; } = line;

    public List<FieldSchema> Fields { get; } = [];

    public IEnumerable<FieldSchema> InOrder => Fields.Where(f => f.Tag < 0);

    public IEnumerable<FieldSchema> Tagged => Fields.Where(f => f.Tag >= 0).OrderBy(f => f.Tag);
}
