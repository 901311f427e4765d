namespace Microcosm.Generator.Messages;

/// <summary>A field of a message or of a struct.</summary>
/// <param name="Name">Of the property.</param>
/// <param name="Type">A primitive's or a struct's name; of an array's elements.</param>
/// <param name="Nullable">Versions in which null can be sent.</param>
/// <param name="Tag">-1 for a field that stands in order.</param>
/// <param name="IsIgnorable">Whether versions without the field may lose a value silently.</param>
/// <param name="Default">As written after "="; null if nothing is.</param>
/// <param name="Line">Where it stands, from 0.</param>
/// <param name="Of">In a response, what of the request it repeats where that is called otherwise; <c>*</c> for an array's element itself;
/// null for the same name.</param>
/// <param name="Refused">In a response, what it has where the request is refused; null for its default.</param>
internal sealed record FieldSchema(
    string Name, string Type, bool IsArray, VersionRange Nullable, VersionRange Versions,
    int Tag, bool IsIgnorable, string? Default, int Line, string? Of = null, string? Refused = null)
{
    public bool IsStruct => !Primitives.Known.ContainsKey(Type);

    public bool IsNullable => Nullable != VersionRange.None;
}
