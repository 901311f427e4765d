using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microcosm.Generator.Messages;

/// <summary>A schema as it is written. Compares by value.</summary>
/// <param name="Path">The file that it stands in.</param>
/// <param name="FirstLine">Its first line in that file, from 0.</param>
/// <param name="Text">The schema.</param>
internal sealed record SchemaText(string Path, int FirstLine, string Text)
{
    public const string Attribute = "Microcosm.Runtime.MessageSchemaAttribute";

    /// <summary>That of a class. The text of a raw literal begins on the line behind its quotes.</summary>
    public static SchemaText From(GeneratorAttributeSyntaxContext found)
    {
        var attribute = found.Attributes[0];
        var text = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        var argument = ((AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax()).ArgumentList?.Arguments.FirstOrDefault();
        var line = argument?.GetLocation().GetLineSpan().StartLinePosition.Line ?? 0;
        return new SchemaText(found.TargetNode.SyntaxTree.FilePath, line + 1, text);
    }
}
