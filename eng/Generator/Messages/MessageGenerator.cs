using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Microcosm.Generator.Messages;

/// <summary>
/// Makes classes of the messages that the project's *.messages files declare, and classes by <c>[MessageSchema]</c>, in the project's root
/// namespace.
/// </summary>
[Generator]
public sealed class MessageGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var space = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var name) ? name : "");
        // The text is what is compared, so a file is read anew only when it changes.
        var files = context.AdditionalTextsProvider.Where(static file => file.Path.EndsWith(".messages", StringComparison.Ordinal))
            .Select(static (file, cancel) => new SchemaText(file.Path, 0, file.GetText(cancel)?.ToString() ?? ""))
            .Combine(space)
            .WithTrackingName("Messages");
        context.RegisterSourceOutput(files, static (output, file) => Write(output, file.Left, file.Right));
        var classes = context.SyntaxProvider.ForAttributeWithMetadataName(
            SchemaText.Attribute, static (node, _) => node is ClassDeclarationSyntax, static (found, _) => SchemaText.From(found))
            .Combine(space);
        context.RegisterSourceOutput(classes, static (output, text) => Write(output, text.Left, text.Right));
        var apis = files.Select(static (file, _) => Apis(file.Left.Text)).Collect()
            .Combine(classes.Select(static (text, _) => Apis(text.Left.Text)).Collect()).Combine(space);
        context.RegisterSourceOutput(apis, static (output, found) =>
        {
            var all = found.Left.Left.Concat(found.Left.Right).SelectMany(static file => file).ToArray();
            if (all.Length > 0)
                output.AddSource("MessageRefusals.g.cs", SourceText.From(RefusalTable.Write(found.Right, all), Encoding.UTF8));
        });
    }

    private static void Write(SourceProductionContext output, SchemaText text, string space)
    {
        var file = SchemaParser.Parse(text.Text);
        foreach (var (line, message) in file.Problems)
        {
            var at = new LinePosition(text.FirstLine + line, 0);
            var place = new LocationModel(text.Path, default, new LinePositionSpan(at, at));
            output.ReportDiagnostic(new Problem(Problems.BadSchema, place, message).ToDiagnostic());
        }
        foreach (var message in file.Messages)
        {
            var code = MessageCode.Write(space, message, file.RequestOf(message));
            output.AddSource(message.Name + ".g.cs", SourceText.From(code, Encoding.UTF8));
        }
    }

    private static EquatableArray<(int Key, string Name)> Apis(string text)
    {
        var file = SchemaParser.Parse(text);
        return new([.. file.Messages.Select(file.RequestOf).OfType<MessageSchema>()
            .Select(request => (request.ApiKey, request.Name.Substring(0, request.Name.Length - "Request".Length)))]);
    }
}
