using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Spectre.Console;
using MarkdigTables = Markdig.Extensions.Tables;

namespace Microcosm.Cli;

/// <summary>Shows Markdown on a terminal. Links keep their text only: what they point at are files of the repository.</summary>
internal static class TerminalMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>Each block with an empty line behind it.</summary>
    public static void Write(IAnsiConsole console, string markdown)
    {
        foreach (var block in Markdown.Parse(markdown, Pipeline))
            Write(console, block);
    }

    private static void Write(IAnsiConsole console, Block block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                console.MarkupLine($"[bold underline]{Text(heading.Inline)}[/]");
                break;
            case ListBlock list:
                WriteList(console, list);
                break;
            case MarkdigTables.Table table:
                console.Write(TableOf(table));
                return;
            case CodeBlock code:
                foreach (var line in code.Lines.Lines.Take(code.Lines.Count))
                    console.MarkupLine($"    [blue]{Markup.Escape(line.ToString())}[/]");
                break;
            case LeafBlock { Inline: { } inline }:
                console.MarkupLine(Text(inline));
                break;
            case ContainerBlock container:
                foreach (var inner in container)
                    Write(console, inner);
                return;
            default:
                return;
        }
        console.WriteLine();
    }

    private static void WriteList(IAnsiConsole console, ListBlock list)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn();
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var text = item.Descendants<LeafBlock>().Where(b => b.Inline is not null).Select(b => Text(b.Inline));
            grid.AddRow(list.IsOrdered ? $"{number++}." : "•", string.Join('\n', text));
        }
        console.Write(grid);
    }

    private static Table TableOf(MarkdigTables.Table table)
    {
        var rows = table.OfType<MarkdigTables.TableRow>().Select(r => r.OfType<MarkdigTables.TableCell>()
            .Select(c => Text(c.Descendants<LeafBlock>().FirstOrDefault()?.Inline)).ToArray()).ToList();
        var shown = new Table().Border(TableBorder.Minimal);
        foreach (var column in rows[0])
            shown.AddColumn(new TableColumn($"[bold]{column}[/]"));
        foreach (var row in rows.Skip(1))
            shown.AddRow(row);
        return shown;
    }

    private static string Text(ContainerInline? inlines) => inlines is null ? "" : string.Concat(inlines.Select(Text));

    private static string Text(Inline inline) => inline switch
    {
        LiteralInline literal => Markup.Escape(literal.Content.ToString()),
        CodeInline code => $"[blue]{Markup.Escape(code.Content)}[/]",
        EmphasisInline { DelimiterCount: 2 } strong => $"[bold]{Text((ContainerInline)strong)}[/]",
        EmphasisInline emphasis => $"[italic]{Text((ContainerInline)emphasis)}[/]",
        LineBreakInline line => line.IsHard ? "\n" : " ",
        AutolinkInline link => Markup.Escape(link.Url),
        HtmlEntityInline entity => Markup.Escape(entity.Transcoded.ToString()),
        ContainerInline container => Text(container),
        _ => "",
    };
}
