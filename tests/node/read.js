// Reads a graph by graphology's parsers and prints its nodes and edges as JSON.
// Usage: node read.js graphml|gexf FILE

import { readFileSync } from "node:fs";
import { MultiGraph } from "graphology";
import gexf from "graphology-gexf";
import graphml from "graphology-graphml";

const [format, file] = process.argv.slice(2);
const graph = { gexf, graphml }[format].parse(MultiGraph, readFileSync(file, "utf8"));
console.log(
  JSON.stringify({
    nodes: graph.mapNodes((id, values) => ({ id, values })),
    edges: graph.mapEdges((id, values, source, target) => ({ id, source, target, values })),
  }),
);
