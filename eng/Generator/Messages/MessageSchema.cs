namespace Microcosm.Generator.Messages;

/// <summary>A request, a response or a record.</summary>
internal sealed class MessageSchema(string name, int apiKey, VersionRange versions, short firstFlexible, int line)
{
    public string Name { get; } = name;

    /// <summary>-1 for records.</summary>
    public int ApiKey { get; } = apiKey;

    public VersionRange Versions { get; } = versions;

    /// <summary>The highest number for none.</summary>
    public short FirstFlexible { get; } = firstFlexible;

    public StructSchema Root { get; } = new(name, line);

    public Dictionary<string, StructSchema> Structs { get; } = new(StringComparer.Ordinal);

    /// <summary>A struct whose name a property beside or inside it has too is called with "Data" behind.</summary>
    public string ClassOf(string structName) =>
        Root.Fields.Any(f => f.Name == structName) || Structs[structName].Fields.Any(f => f.Name == structName)
            ? structName + "Data"
            : structName;

    /// <summary>The least bytes of one element in any version.</summary>
    public int BytesMin(FieldSchema field) => field.IsStruct ? BytesMin(Structs[field.Type], 0) : Primitives.Known[field.Type].BytesMin;

    private int BytesMin(StructSchema type, int depth)
    {
        var always = type.InOrder.Where(f => f.Versions.Lowest <= Versions.Lowest && f.Versions.Highest >= Versions.Highest);
        return Math.Max(1, always.Sum(f => f.IsArray || f.IsNullable || depth > 8 ? 1
            : f.IsStruct ? BytesMin(Structs[f.Type], depth + 1) : Primitives.Known[f.Type].BytesMin));
    }
}
