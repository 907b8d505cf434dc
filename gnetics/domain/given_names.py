"""Common given names, folded: two of them are two people, however few letters part them (Julie and Julien, Marc and Marie).

A name that is only another spelling of one listed (Mathieu, Matthieu) is left out, so that it still reads as a slip of the pen.
"""

from __future__ import annotations

_NAMES = """
abel achille adam adele adeline adrien adrienne agathe agnes aicha aime aimee alain albert alexandra alexandre alexia alexis ali
alice aline alix amandine ambre amelie amina amine anais andre andrea andree angela angele angelique anne annick annie antoine
antoinette apolline ariane armand armelle arnaud arthur astrid aude audrey auguste aurelie aurelien aurore axel axelle aymeric
baptiste barbara bastien beatrice benedicte benjamin benoit bernadette bernard berenice bertrand blaise blanche brice brigitte
bruno camille capucine carine carole caroline cassandra catherine cecile cedric celestin celestine celia celine chantal charles
charlene charlotte chloe christelle christian christiane christine christophe claire clara claude claudie claudine clemence
clement clementine cloe clotilde colette colin coline constance constant corentin corinne cyprien cyril damien daniel daniele
danielle david deborah delphine denis denise diane didier dimitri dominique donatien dorian dorothee edgar edith edmond edouard
eleonore eliane elias elie eliette elisa elisabeth elise elodie elsa emeline emeric emile emilie emilien emma emmanuel emmanuelle
enzo eric ernest estelle esther ethan etienne eugene eugenie eva evelyne fabien fabienne fabrice fanny fatima fatou felicie felix
ferdinand fernand fernande fiona flavie flavien florence florent florentin florian france francine francis francoise francois
franck frederic frederique gabriel gabrielle gaelle gael gaetan gaspard genevieve georges georgette gerald geraldine gerard
germain germaine ghislain ghislaine gilbert gilberte gilles ginette gisele gladys gregoire gregory guillaume gustave guy gwenaelle
gwendoline hadrien hamid hassan helene heloise henri henriette herve hortense hubert hugo hugues ibrahim ines irene iris isaac
isabelle isidore ismael jacqueline jacques jade jasmine jean jeanne jeannine jennifer jeremie jeremy jerome jessica joachim joanna
jocelyn jocelyne joel joelle johanna jonas jonathan jordan jose joseph josephine josette josiane josselin juan judith jules julia
julian julie julien juliette justin justine karim karima karine katia kevin khadija laetitia lara laura laure laurence laurent
lauriane lea leila lena leo leon leonie leopold lila lilian liliane lina linda lionel lisa lise loic lola lou louis louisa louise
lucas luc luce lucette lucie lucien lucienne ludivine ludovic lydie maelle magali malika manon manuel marc marceau marcel
marceline marcelle margaux margot marguerite maria marianne marie marielle marina marine mario marion marius martial martin
martine mathias mathieu mathilde mathis maud maurice maxence maxime maximilien maya melanie melissa michael michel michele
micheline mireille mohamed monique morgan morgane mounir muriel mustapha myriam nadege nadia nadine nael nassim nathalie nathan
nicolas nicole nina noe noel noelle noemie nora norbert octave oceane odette odile olga olive olivia olivier omar ophelie oscar
pascal pascale patrice patricia patrick paul paula paule pauline perrine philippe pierre pierrette prosper quentin rachel rachid
raoul raphael raphaelle raymond raymonde rebecca regine regis remi renaud rene renee richard robert robin rodolphe rodrigue roger
roland rolande romain roman romane romy rosalie rose roselyne roxane sabine sabrina said salome samia samir samira samuel sandra
sandrine sara sasha sebastien serge severine sibylle sidonie simon simone sofia sofiane solange solene sonia sophie stephane
stephanie suzanne suzette sylvain sylvaine sylvestre sylviane sylvie tanguy tatiana teresa theo theodore theophile therese thibaut
thierry thomas tiphaine titouan tom tristan ulysse valentin valentine valerie vanessa vera veronique victoire victor victoria
vincent violette virginie vivien viviane wilfried william xavier yannick yann yasmina yasmine yoann yolande youssef yves yvette
yvonne zoe zora
"""
GIVEN_NAMES = frozenset(_NAMES.split())
