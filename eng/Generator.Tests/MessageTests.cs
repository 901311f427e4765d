using Microcosm.Generator.Messages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Microcosm.Generator.Tests;

/// <summary>Message classes made of schemas.</summary>
public sealed class MessageTests
{
    private const string Sound = """
        api 7 Sample

        request 0-3 flexible 2+
          Topics []Topic? 1+
            Name string
            Ids []int32?2+ 1+
          Cursor Cursor? 3+ = null
            At int64 = -1
          Flag bool 2+ tag=0 ignorable = true

        response 0-3 flexible 2+
          ErrorCode int16 2+ ignorable
          Results []Result of=Topics
            Title string of=Name
            Parts []Part of=Ids
              Id int32 of=*
              ErrorCode int16
              End int64 refused=-1

        record Entry 1
          struct Part
            Id uuid
          Parts []Part
          Bytes records?
        """;

    [Fact]
    public void A_schema_gives_a_class_a_message_with_its_structs_inside()
    {
        var made = Run(Sound, out var problems);
        Assert.Empty(problems);
        Assert.Equal(["SampleRequest.g.cs", "SampleResponse.g.cs", "Entry.g.cs", "MessageRefusals.g.cs"], made.Select(m => m.Name));
        var request = made[0].Text;
        Assert.Contains("public static short ApiKey => 7;", request);
        Assert.Contains("public static short FirstFlexibleVersion => 2;", request);
        Assert.Contains("public global::System.Collections.Generic.List<SampleRequest.Topic>? Topics { get; set; } = [];", request);
        Assert.Contains("public bool Flag { get; set; } = true;", request);
        Assert.Contains("public static short ApiKey => -1;", made[2].Text);
    }

    [Fact]
    public void A_struct_that_is_called_as_a_property_beside_it_gets_Data_behind()
    {
        var request = Run(Sound, out _)[0].Text;
        Assert.Contains("internal sealed partial class CursorData", request);
        Assert.Contains("public SampleRequest.CursorData? Cursor { get; set; } = null;", request);
    }

    [Fact]
    public void A_response_says_an_error_at_the_top_or_at_each_element_which_is_called_as_in_the_request()
    {
        var response = Run(Sound, out _)[1].Text;
        var lines = response[response.IndexOf("Refused(", StringComparison.Ordinal)..].Split('\n').Select(line => line.Trim());
        Assert.Equal(
        [
            "var isSaid = false;", "var made = new SampleResponse();", "if (version >= 2) { made.ErrorCode = error; isSaid = true; }",
            "if ((!(version >= 2)))", "foreach (var from0 in request.Topics ?? [])", "{", "var one0 = new SampleResponse.Result();",
            "one0.Title = from0.Name;", "foreach (var from1 in from0.Ids ?? [])", "{", "var one1 = new SampleResponse.Part();",
            "one1.Id = from1;", "one1.End = -1;", "if (true) { one1.ErrorCode = error; isSaid = true; }", "one0.Parts.Add(one1);", "}",
            "made.Results.Add(one0);", "}", "return isSaid ? made : null;", "}",
        ], lines.Skip(3).Take(20));
    }

    [Fact]
    public void What_is_made_is_sound_syntax() => Assert.All(Run(Sound, out _), m => Assert.Empty(
        CSharpSyntaxTree.ParseText(m.Text, Compiler.Options).GetDiagnostics(TestContext.Current.CancellationToken)));

    [Theory]
    [InlineData(0, "apy 7 Sample")]
    [InlineData(0, "request 0-3")]
    [InlineData(1, "api 7 Sample\nrequest 3-0")]
    [InlineData(1, "api 7 Sample\nrequest 0+")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  lower int32")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  Name int99")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  Name int32?")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  Name Unknown")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  Name int32 tag=0")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  Name int32 = null")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  Name string = word")]
    [InlineData(2, "api 7 Sample\nrequest 0\n   Name string")]
    [InlineData(3, "api 7 Sample\nrequest 0\n  Name string\n  Name string")]
    [InlineData(3, "api 7 Sample\nrequest 0\n  Name string\n    Deeper string")]
    [InlineData(4, "api 7 Sample\nrequest 0\n  Name string\nresponse 0\n  Title string of=Nome")]
    [InlineData(2, "api 7 Sample\nrequest 0\n  struct Self\n    Again []Self\n  Selves []Self")]
    public void A_bad_schema_is_refused_with_its_file_and_line(int line, string schema)
    {
        Run(schema, out var problems);
        var problem = Assert.Single(problems);
        Assert.Equal("MCG010", problem.Id);
        Assert.Equal("sample.messages", problem.Location.GetLineSpan().Path);
        Assert.Equal(line, problem.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void A_schema_at_a_class_gives_the_same_classes_and_its_mistakes_stand_at_their_lines()
    {
        var made = RunClass("int16", out var problems);
        Assert.Empty(problems);
        Assert.Equal(["SampleRequest.g.cs", "SampleResponse.g.cs", "MessageRefusals.g.cs"], made.Select(m => m.Name));
        RunClass("int99", out problems);
        var place = Assert.Single(problems).Location.GetLineSpan();
        Assert.Equal(("File0.cs", 7), (place.Path, place.StartLinePosition.Line));
    }

    private static (string Name, string Text)[] RunClass(string type, out IReadOnlyList<Diagnostic> problems)
    {
        var source = $$""""
            namespace Sample;

            [Microcosm.Runtime.MessageSchema("""
                api 7 Sample
                request 0
                  Name string
                response 0
                  ErrorCode {{type}}
                """)]
            internal static class Operation;
            """";
        return Run(CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator()], parseOptions: Compiler.Options),
            source, out problems);
    }

    private static (string Name, string Text)[] Run(string schema, out IReadOnlyList<Diagnostic> problems)
    {
        var driver = CSharpGeneratorDriver.Create(
            [new MessageGenerator().AsSourceGenerator()], [new SchemaText(schema)], Compiler.Options);
        return Run(driver, "", out problems);
    }

    private static (string Name, string Text)[] Run(GeneratorDriver driver, string source, out IReadOnlyList<Diagnostic> problems)
    {
        var result = driver.RunGenerators(Compiler.Parse(source), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        problems = result.Diagnostics;
        return [.. result.GeneratedSources.Select(s => (s.HintName, s.SourceText.ToString()))];
    }

    private sealed class SchemaText(string text) : AdditionalText
    {
        public override string Path => "sample.messages";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
