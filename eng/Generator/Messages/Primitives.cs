namespace Microcosm.Generator.Messages;

/// <summary>Types that the schema language knows by itself.</summary>
internal static class Primitives
{
    /// <summary>By name: the C# type, its name in methods of reader and writer, what C# has without a default, the least bytes.</summary>
    public static readonly Dictionary<string, (string Type, string Method, string Default, int BytesMin)> Known =
        new(StringComparer.Ordinal)
        {
            ["bool"] = ("bool", "Bool", "false", 1),
            ["int8"] = ("sbyte", "Int8", "0", 1),
            ["int16"] = ("short", "Int16", "0", 2),
            ["uint16"] = ("ushort", "UInt16", "0", 2),
            ["int32"] = ("int", "Int32", "0", 4),
            ["uint32"] = ("uint", "UInt32", "0", 4),
            ["int64"] = ("long", "Int64", "0", 8),
            ["uuid"] = ("global::System.Guid", "Uuid", "default", 16),
            ["float64"] = ("double", "Float64", "0", 8),
            ["string"] = ("string", "String", "\"\"", 1),
            ["bytes"] = ("global::System.ReadOnlyMemory<byte>", "Bytes", "default(global::System.ReadOnlyMemory<byte>)", 1),
            ["records"] = ("global::System.ReadOnlyMemory<byte>", "Bytes", "default(global::System.ReadOnlyMemory<byte>)", 1),
        };

    public static bool CanBeNull(string type) => type is "string" or "bytes" or "records";
}
